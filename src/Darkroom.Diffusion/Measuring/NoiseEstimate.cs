namespace Darkroom.Diffusion.Measuring;

/// <summary>How much noise is in a picture whose noise-free form nobody has.</summary>
public static class NoiseEstimate
{
    /// <summary>The median of a normal value's magnitude, in standard deviations.</summary>
    private const double MedianOfNormal = 0.6744897501960817;

    /// <summary>
    /// Standard deviation of white noise, in the units of the values: the median magnitude of the finest diagonal differences, (a − b − c + d)/2 of each
    /// square of four pixels, which pictures have little of and noise all of (Donoho and Johnstone 1994, on the finest wavelet scale). Edges are few, so the
    /// median does not see them.
    /// </summary>
    /// <param name="values">[C, height, width]</param>
    /// <param name="width">At least 2.</param>
    /// <param name="height">At least 2.</param>
    public static double Of(ReadOnlySpan<float> values, int width, int height)
    {
        int plane = width * height, channels = values.Length / plane;
        var magnitudes = new float[channels * (width / 2) * (height / 2)];
        int count = 0;
        for (int channel = 0; channel < channels; channel++)
            for (int y = 0; y + 1 < height; y += 2)
                for (int x = 0; x + 1 < width; x += 2)
                {
                    int at = channel * plane + y * width + x;
                    magnitudes[count++] = Math.Abs(values[at] - values[at + 1] - values[at + width] + values[at + width + 1]) / 2;
                }
        if (count == 0) return 0;
        Array.Sort(magnitudes);
        return (magnitudes[(count - 1) / 2] + magnitudes[count / 2]) / 2 / MedianOfNormal;
    }
}
