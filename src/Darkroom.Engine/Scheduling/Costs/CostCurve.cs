namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>What calls of one network at one size and width cost, by the number of evaluations in them: a moving mean for each number that was seen.</summary>
internal sealed class CostCurve
{
    /// <summary>Weight of a new measurement once there are some: a machine that slows down is known to be slower after some ten calls.</summary>
    private const double Newest = 0.2;

    private readonly SortedList<int, Mean> means = [];

    /// <summary>Evaluations and seconds, by evaluations.</summary>
    public IEnumerable<(int Evaluations, double Seconds, int Seen)> Points => means.Select(pair => (pair.Key, pair.Value.Seconds, pair.Value.Seen));

    public bool IsEmpty => means.Count == 0;

    public bool Has(int evaluations) => means.ContainsKey(evaluations);

    public void Learn(int evaluations, double seconds)
    {
        means.TryGetValue(evaluations, out var mean);
        int seen = mean.Seen + 1;
        // One call that the system interrupted must not count like ten.
        double taken = mean.Seen >= 3 ? Math.Min(seconds, 4 * mean.Seconds) : seconds;
        means[evaluations] = new Mean(mean.Seconds + Math.Max(Newest, 1.0 / seen) * (taken - mean.Seconds), seen);
    }

    public void Set(int evaluations, double seconds, int seen) => means[evaluations] = new Mean(seconds, seen);

    /// <summary>
    /// Between two measured numbers the straight line; outside of them from the nearest, of which <paramref name="fixedShare"/> does not grow.
    /// </summary>
    public double SecondsOf(int evaluations, double fixedShare)
    {
        var (at, values) = (means.Keys, means.Values);
        int above = 0;
        while (above < at.Count && at[above] < evaluations) above++;
        if (above < at.Count && at[above] == evaluations) return values[above].Seconds;
        if (above > 0 && above < at.Count)
        {
            double share = (double)(evaluations - at[above - 1]) / (at[above] - at[above - 1]);
            return values[above - 1].Seconds + share * (values[above].Seconds - values[above - 1].Seconds);
        }
        int near = above == 0 ? 0 : at.Count - 1;
        return values[near].Seconds * (fixedShare + (1 - fixedShare) * evaluations / at[near]);
    }

    private readonly record struct Mean(double Seconds, int Seen);
}
