namespace Darkroom.Imaging.Masks;

/// <summary>
/// The box whose repetition has the variance of a Gaussian (P. Gwosdek et al., "Theoretical
/// foundations of Gaussian convolution by extended box filtering", 2011).
/// </summary>
internal static class GaussianRadius
{
    /// <summary>Runs of the box filter; three are within 3 % of a Gaussian.</summary>
    public const int Passes = 3;

    /// <summary>The box's radius with a fraction: its outermost pixels count in part.</summary>
    /// <param name="sigma">The Gaussian's standard deviation, in pixels. Single precision on the way, as Pillow has it.</param>
    public static float ToBox(float sigma)
    {
        float variance = sigma * sigma / Passes;
        float length = (float)Math.Sqrt(12.0 * variance + 1.0);
        float whole = (float)Math.Floor((length - 1.0) / 2.0);
        float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        part /= 6 * (variance - (whole + 1) * (whole + 1));
        return whole + part;
    }
}
