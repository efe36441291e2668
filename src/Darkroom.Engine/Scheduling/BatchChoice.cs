namespace Darkroom.Engine.Scheduling;

/// <summary>How rows that are ready are best cut into calls.</summary>
/// <param name="Width">Of each call.</param>
/// <param name="Rows">Rows in a call.</param>
/// <param name="Parallel">Calls side by side.</param>
internal readonly record struct BatchChoice(CallWidth Width, int Rows, int Parallel)
{
    /// <summary>
    /// What a larger batch, or narrow calls, must bring the mean down to. What is measured errs by some hundredths, and a choice that changes with
    /// the error costs more than either: narrow calls leave threads idle before a wide one, and a long call holds up those who come.
    /// </summary>
    private const double Worthwhile = 0.95;

    /// <summary>Rows that run at once.</summary>
    public int AtOnce => Rows * Parallel;

    /// <summary>
    /// Chooses the batch for which the mean completion time of the rows that wait is least. Of n rows that run in groups of k, p groups side by side,
    /// c seconds a call, the mean one is done after c · (n / (k p) + 1) / 2 for each of its steps: where c grows like k, as on a CPU, rows go one
    /// after the other; where it hardly grows, as on a GPU at small sizes, they go together; and in between lies a size beyond which a larger
    /// batch serves the last row by keeping all others waiting. The more work comes, the more rows does a second that is lost now keep waiting: under
    /// a load n counts them too, and near saturation what is done in a second is all that matters.
    /// </summary>
    /// <param name="costs">Of the device.</param>
    /// <param name="policy">Target and largest batch.</param>
    /// <param name="key">The network and size.</param>
    /// <param name="lanes">Running count of evaluations: element i is what the first i + 1 rows of this kind need together. Not empty.</param>
    /// <param name="waiting">Rows of every kind that the device could run now or will, at least the count of <paramref name="lanes"/>.</param>
    /// <param name="load">Share of the device that is asked for: 0…0.9.</param>
    /// <param name="threads">Narrow calls that the device can run side by side; 1 where it runs wide calls alone.</param>
    /// <param name="tries">Whether a batch that was never measured may be tried now.</param>
    public static BatchChoice Best(
        ICallCosts costs, SchedulingPolicy policy, in CostKey key, ReadOnlySpan<int> lanes, int waiting, double load, int threads, bool tries)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(policy);
        int max = MaxRows(costs, policy, key, lanes);
        if (policy.Target == SchedulingTarget.Throughput) return new BatchChoice(CallWidth.Wide, max, 1);

        var best = new BatchChoice(CallWidth.Wide, 1, 1);
        double min = double.PositiveInfinity, delayed = OfferedLoad.Delayed(waiting, load);
        for (var width = CallWidth.Wide; width <= (threads > 1 && waiting > 1 ? CallWidth.Narrow : CallWidth.Wide); width++)
        {
            for (int rows = 1; rows <= max; rows++)
            {
                int parallel = width == CallWidth.Wide ? 1 : Math.Min(threads, (waiting + rows - 1) / rows);
                if (width == CallWidth.Narrow && parallel == 1) break;
                double seconds = costs.SecondsOf(key, lanes[rows - 1], width);
                // Twice as many as the best so far: worth a try where nothing was measured, and where being wrong is soon over.
                bool isNext = rows == 1 || (IsPowerOfTwo(rows) && best.Width == width && best.Rows >= rows / 2);
                if (tries && isNext && seconds <= policy.TryMaxSeconds && !costs.IsMeasured(key, lanes[rows - 1], width))
                    return new BatchChoice(width, rows, parallel);
                double mean = Mean(seconds, rows * parallel, delayed, policy.Target);
                if (mean >= (width == best.Width ? 1 : Worthwhile) * min) continue;
                min = mean;
                best = new BatchChoice(width, rows, parallel);
            }
        }
        return best;
    }

    /// <summary>Minimum of seconds of the device that a row's evaluations take in the batch that is best for the throughput.</summary>
    /// <param name="lanes">The row's evaluations in a call.</param>
    public static double MinSeconds(ICallCosts costs, SchedulingPolicy policy, in CostKey key, int lanes, int threads)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(policy);
        double min = double.PositiveInfinity;
        for (int rows = 1; rows <= policy.MaxBatch && (rows == 1 || rows * lanes <= costs.MaxEvaluations(key)); rows++)
        {
            min = Math.Min(min, costs.SecondsOf(key, rows * lanes, CallWidth.Wide) / rows);
            if (threads > 1) min = Math.Min(min, costs.SecondsOf(key, rows * lanes, CallWidth.Narrow) / rows / threads);
        }
        return min;
    }

    /// <summary>
    /// Twice the mean completion time of a step, were every row as long; for <c>latency</c> a call's own length counts more than the wait for one.
    /// </summary>
    private static double Mean(double seconds, int atOnce, double delayed, SchedulingTarget target) =>
        seconds * (delayed / atOnce + (target == SchedulingTarget.Latency ? 4 : 1));

    private static int MaxRows(ICallCosts costs, SchedulingPolicy policy, in CostKey key, ReadOnlySpan<int> lanes)
    {
        int max = Math.Min(policy.MaxBatch, lanes.Length), fits = costs.MaxEvaluations(key);
        while (max > 1 && lanes[max - 1] > fits) max--;
        return max;
    }

    private static bool IsPowerOfTwo(int value) => (value & (value - 1)) == 0;
}
