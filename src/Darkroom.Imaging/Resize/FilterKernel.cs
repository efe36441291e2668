namespace Darkroom.Imaging.Resize;

/// <summary>The curve of a filter: half its width and its value at a distance, both in pixels of the coarser grid.</summary>
internal static class FilterKernel
{
    public static double Support(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Box => 0.5,
        ResampleFilter.Bilinear or ResampleFilter.Hamming => 1,
        ResampleFilter.Bicubic => 2,
        ResampleFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "No kernel."),
    };

    public static double Weight(ResampleFilter filter, double x) => filter switch
    {
        // One edge belongs to the box, so that neighbours share no sample.
        ResampleFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        ResampleFilter.Bilinear => Math.Max(0, 1 - Math.Abs(x)),
        ResampleFilter.Hamming => Hamming(Math.Abs(x)),
        ResampleFilter.Bicubic => Bicubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    // The constants are single precision in Pillow, the rest double.
    private static double Hamming(double x) => x switch
    {
        0 => 1,
        >= 1 => 0,
        _ => Math.Sin(x * Math.PI) / (x * Math.PI) * (0.54f + 0.46f * Math.Cos(x * Math.PI)),
    };

    /// <summary>Keys' cubic convolution with a = -1/2 (R. Keys, 1981).</summary>
    private static double Bicubic(double x)
    {
        const double a = -0.5;
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    private static double Sinc(double x)
    {
        if (x == 0) return 1;
        x *= Math.PI;
        return Math.Sin(x) / x;
    }
}
