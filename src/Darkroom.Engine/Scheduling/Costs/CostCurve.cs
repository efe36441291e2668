namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>What calls of one network at one size and width cost, by the number of evaluations in them: a moving mean for each number that was seen,
/// and what the undisturbed ones among them take.</summary>
internal sealed class CostCurve
{
    /// <summary>Weight of a new measurement once there are some: a machine that slows down is known to be slower after some ten calls.</summary>
    private const double Newest = 0.2;

    /// <summary>
    /// Weight of a measurement above what undisturbed calls take: a machine that is busy for a minute does not become a slower one,
    /// one that is slower for good is known as such after some thousand calls.
    /// </summary>
    private const double Disturbed = 0.002;

    private readonly SortedList<int, Mean> means = [];

    /// <summary>Evaluations, their mean, what undisturbed calls take, and how many were seen, by evaluations.</summary>
    public IEnumerable<(int Evaluations, double Seconds, double Undisturbed, int Seen)> Points =>
        means.Select(pair => (pair.Key, pair.Value.Seconds, pair.Value.Undisturbed, pair.Value.Seen));

    public bool IsEmpty => means.Count == 0;

    public bool Has(int evaluations) => means.ContainsKey(evaluations);

    public void Learn(int evaluations, double seconds)
    {
        means.TryGetValue(evaluations, out var mean);
        int seen = mean.Seen + 1;
        // One call that the system interrupted must not count like ten.
        double taken = mean.Seen >= 3 ? Math.Min(seconds, 4 * mean.Seconds) : seconds;
        double undisturbed = seen == 1 ? seconds : mean.Undisturbed + (taken < mean.Undisturbed ? Newest : Disturbed) * (taken - mean.Undisturbed);
        means[evaluations] = new Mean(mean.Seconds + Math.Max(Newest, 1.0 / seen) * (taken - mean.Seconds), undisturbed, seen);
    }

    public void Set(int evaluations, double seconds, double undisturbed, int seen) => means[evaluations] = new Mean(seconds, undisturbed, seen);

    /// <summary>
    /// Between two measured numbers the straight line; outside of them from the nearest, of which <paramref name="fixedShare"/> does not grow.
    /// </summary>
    /// <param name="evaluations">In the call.</param>
    /// <param name="fixedShare">0…1.</param>
    /// <param name="undisturbed">Whether what undisturbed calls take is asked for, in place of the mean.</param>
    public double SecondsOf(int evaluations, double fixedShare, bool undisturbed = false)
    {
        var at = means.Keys;
        int above = 0;
        while (above < at.Count && at[above] < evaluations) above++;
        if (above < at.Count && at[above] == evaluations) return SecondsAt(above, undisturbed);
        if (above > 0 && above < at.Count)
        {
            double share = (double)(evaluations - at[above - 1]) / (at[above] - at[above - 1]);
            double below = SecondsAt(above - 1, undisturbed);
            return below + share * (SecondsAt(above, undisturbed) - below);
        }
        int near = above == 0 ? 0 : at.Count - 1;
        return SecondsAt(near, undisturbed) * (fixedShare + (1 - fixedShare) * evaluations / at[near]);
    }

    private double SecondsAt(int index, bool undisturbed)
    {
        var mean = means.Values[index];
        return undisturbed ? mean.Undisturbed : mean.Seconds;
    }

    private readonly record struct Mean(double Seconds, double Undisturbed, int Seen);
}
