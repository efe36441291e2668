namespace Darkroom.Imaging.Rows;

/// <summary>
/// For each pixel of a shorter or longer line, which pixels of the old line it is made of, and their weights: the Lanczos kernel with three lobes,
/// sinc(x) · sinc(x / 3), widened by the factor where the line gets shorter, so that nothing is folded back (antialiasing, as Pillow does it).
/// </summary>
internal sealed class LanczosWeights
{
    private const int Lobes = 3;

    public LanczosWeights(int source, int target)
    {
        double scale = (double)source / target;
        double widening = Math.Max(scale, 1), support = Lobes * widening;
        Most = (int)Math.Ceiling(support) * 2 + 1;
        Starts = new int[target];
        Weights = new float[target][];
        for (int i = 0; i < target; i++)
        {
            double centre = (i + 0.5) * scale;
            int start = Math.Max((int)(centre - support + 0.5), 0), end = Math.Min((int)(centre + support + 0.5), source);
            double[] kernel = [.. Enumerable.Range(start, end - start).Select(at => Lanczos((at - centre + 0.5) / widening))];
            double sum = kernel.Sum();
            Starts[i] = start;
            Weights[i] = Array.ConvertAll(kernel, value => (float)(value / sum));
        }
    }

    /// <summary>The largest number of old pixels that one new pixel is made of.</summary>
    public int Most { get; }

    /// <summary>First old pixel of each new one.</summary>
    public int[] Starts { get; }

    /// <summary>Weights of the old pixels from the first on; they sum to 1.</summary>
    public float[][] Weights { get; }

    private static double Lanczos(double x) => Math.Abs(x) < Lobes ? Sinc(x) * Sinc(x / Lobes) : 0;

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
