namespace Darkroom.Imaging.Resize;

/// <summary>
/// For each pixel of a line of the new size: which pixels of the old line count, and how much,
/// in fixed point of 22 bits (8 of 32 are the pixel's, 2 the overshoot's).
/// </summary>
internal sealed class ResampleWeights
{
    /// <summary>Bits after the binary point.</summary>
    public const int Precision = 22;

    /// <summary>Half of the last place, added before the cut.</summary>
    public const int Half = 1 << (Precision - 1);

    private readonly int[] firsts, weights, counts;
    private readonly int width;

    /// <param name="from">The old length, in pixels.</param>
    /// <param name="start">Where the part begins that is resized, in old pixels.</param>
    /// <param name="end">Where it ends; with <paramref name="start"/> equal, the edge there is repeated.</param>
    /// <param name="to">The new length.</param>
    public ResampleWeights(ResampleFilter filter, int from, float start, float end, int to)
    {
        double scale = (double)(end - start) / to;
        // Enlarging samples the kernel as it is; reducing stretches it over all the pixels that fall into one.
        double stretch = Math.Max(scale, 1), support = FilterKernel.Support(filter) * stretch;
        width = (int)Math.Ceiling(support) * 2 + 1;
        firsts = new int[to];
        counts = new int[to];
        weights = new int[to * width];
        double[] exact = new double[width];
        for (int i = 0; i < to; i++)
        {
            double centre = start + (i + 0.5) * scale;
            int first = Math.Max(0, (int)(centre - support + 0.5)), count = Math.Min(from, (int)(centre + support + 0.5)) - first;
            double sum = 0;
            for (int j = 0; j < count; j++) sum += exact[j] = FilterKernel.Weight(filter, (j + first - centre + 0.5) * (1 / stretch));
            for (int j = 0; j < count; j++) weights[i * width + j] = ToFixed(sum == 0 ? exact[j] : exact[j] / sum);
            (firsts[i], counts[i]) = (first, count);
        }
    }

    /// <summary>The first old pixel that counts for the new one.</summary>
    public int First(int i) => firsts[i];

    /// <summary>The weights of it and of those that follow.</summary>
    public ReadOnlySpan<int> Of(int i) => weights.AsSpan(i * width, counts[i]);

    private static int ToFixed(double weight) => (int)((weight < 0 ? -0.5 : 0.5) + weight * (1 << Precision));
}
