namespace Darkroom.Benchmarks.Load;

/// <summary>How many values there are, their mean and percentiles (nearest rank).</summary>
internal readonly record struct Spread(int Count, double Mean, double P50, double P95, double P99)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? default : new Spread(sorted.Length, sorted.Average(), At(0.5), At(0.95), At(0.99));

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
