namespace Darkroom.Benchmarks.Sessions;

/// <summary>Median and median absolute deviation: what a few disturbed rounds do not move.</summary>
internal readonly record struct Middle(double Median, double Deviation)
{
    public static Middle Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double median = MedianOf(all);
        return new Middle(median, MedianOf(all.Select(value => Math.Abs(value - median))));
    }

    private static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
