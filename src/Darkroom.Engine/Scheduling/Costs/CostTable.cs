
namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>
/// What calls cost on one device, learned from the calls themselves. What was never measured is guessed from the nearest measurement of the same network and
/// size, else from the network's size and how fast this machine ran others: nothing is ever measured for its own sake.
/// </summary>
/// <remarks>Only the engine's loop writes and reads it.</remarks>
/// <param name="traits">Of the device.</param>
/// <param name="sizeOf">How large a network is; null where that is not known.</param>
internal sealed class CostTable(DeviceTraits traits, Func<CostKey, NetworkSize?> sizeOf) : ICallCosts
{
    /// <summary>Weights of a network of unknown size: some tens of millions.</summary>
    private const double UnknownSize = 5e7;

    private readonly Dictionary<(CostKey Key, CallWidth Width), CostCurve> curves = [];
    private readonly HashSet<(CostKey Key, int Evaluations, CallWidth Width)> first = [];
    private readonly Dictionary<CostKey, MemoryLimit> limits = []; // by what ran out of memory
    private readonly Dictionary<CostKey, int> estimates = []; // of what fits
    private double speed = 1; // of this machine over what its traits say, from all that was measured
    private int speeds;

    /// <summary>Moves on with every measurement.</summary>
    public long Version { get; private set; }

    /// <summary>How many evaluations fit, where more ran out of memory.</summary>
    public IEnumerable<(CostKey Key, int Evaluations)> MemoryLimits =>
        limits.Where(pair => pair.Value.Evaluations < int.MaxValue).Select(pair => (pair.Key, pair.Value.Evaluations));

    /// <summary>All that was measured.</summary>
    public IEnumerable<MeasuredCost> Measured =>
        curves.SelectMany(pair => pair.Value.Points.Select(point =>
            new MeasuredCost(pair.Key.Key, pair.Key.Width, point.Evaluations, point.Seconds, point.Seen, point.Undisturbed)));

    /// <summary>
    /// Takes a measured call. The first of a kind in this process is not counted: it pays for buffers and kernels that later ones find ready.
    /// </summary>
    public void Learn(in CostKey key, int evaluations, CallWidth width, double seconds)
    {
        if (limits.GetValueOrDefault(key)?.Pass(evaluations) == true) Version++;
        if (first.Add((key, evaluations, width))) return;
        CurveOf(key, width).Learn(evaluations, seconds);
        Version++;
        LearnSpeed(key, evaluations, width, seconds);
    }

    /// <summary>Takes what was kept from an earlier run.</summary>
    public void Restore(MeasuredCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        CurveOf(cost.Key, cost.Width).Set(cost.Evaluations, cost.Seconds, cost.Undisturbed ?? cost.Seconds, cost.Seen);
        LearnSpeed(cost.Key, cost.Evaluations, cost.Width, cost.Seconds);
    }

    /// <summary>Remembers that more evaluations than these did not fit in the device's memory; after calls that pass more are tried again.</summary>
    public void Limit(in CostKey key, int evaluations)
    {
        if (!limits.TryGetValue(key, out var limit)) limits[key] = limit = new MemoryLimit();
        limit.Lower(evaluations);
        Version++;
    }

    /// <summary>Takes how many evaluations are estimated to fit in the memory that is free now, in place of what was estimated before.</summary>
    public void Estimate(in CostKey key, int evaluations)
    {
        if (estimates.TryGetValue(key, out int before) && before == evaluations) return;
        estimates[key] = Math.Max(1, evaluations);
        Version++;
    }

    public int MaxEvaluations(in CostKey key) =>
        Math.Min(estimates.GetValueOrDefault(key, int.MaxValue), limits.GetValueOrDefault(key)?.Evaluations ?? int.MaxValue);

    public bool IsMeasured(in CostKey key, int evaluations, CallWidth width) =>
        curves.TryGetValue((key, width), out var curve) && curve.Has(evaluations);

    public double SecondsOf(in CostKey key, int evaluations, CallWidth width)
    {
        if (curves.TryGetValue((key, width), out var curve) && !curve.IsEmpty)
            return curve.SecondsOf(evaluations, FixedShare(width));
        // Both ways the guess is the better end of what is likely: it is soon measured then, where a poor one would never be put to the test.
        var other = width == CallWidth.Wide ? CallWidth.Narrow : CallWidth.Wide;
        double narrow = traits.Threads / traits.NarrowGain; // seconds of a narrow call over those of a wide one
        if (curves.TryGetValue((key, other), out curve) && !curve.IsEmpty)
            return curve.SecondsOf(evaluations, FixedShare(other)) * (width == CallWidth.Narrow ? narrow : 1.0 / traits.Threads);
        double seconds = Guess(key) * (traits.FixedShare + (1 - traits.FixedShare) * evaluations);
        return (width == CallWidth.Narrow ? narrow : 1) * seconds / speed;
    }

    public double SecondsAlone(in CostKey key, int evaluations) =>
        curves.TryGetValue((key, CallWidth.Wide), out var curve) && !curve.IsEmpty
            ? curve.SecondsOf(evaluations, FixedShare(CallWidth.Wide), undisturbed: true)
            : SecondsOf(key, evaluations, CallWidth.Wide);

    private double FixedShare(CallWidth width) => width == CallWidth.Narrow ? 0 : traits.FixedShare;

    /// <summary>Seconds of one evaluation, from the network's size.</summary>
    private double Guess(in CostKey key) => (sizeOf(key) ?? new NetworkSize(UnknownSize)).WorkOf(key) / traits.WorkPerSecond;

    private void LearnSpeed(in CostKey key, int evaluations, CallWidth width, double seconds)
    {
        if (width != CallWidth.Wide || !key.Kind.IsMain) return;
        // A graph without a byte of weights tells nothing of how fast the machine is.
        if (sizeOf(key) is not { Parameters: > 0 }) return;
        double guessed = Guess(key) * (traits.FixedShare + (1 - traits.FixedShare) * evaluations);
        speed += Math.Max(0.05, 1.0 / ++speeds) * (guessed / Math.Max(seconds, 1e-9) - speed);
    }

    private CostCurve CurveOf(in CostKey key, CallWidth width)
    {
        if (!curves.TryGetValue((key, width), out var curve)) curves[(key, width)] = curve = new CostCurve();
        return curve;
    }
}

/// <summary>
/// One measured cost: the moving mean of calls of so many evaluations, how many were seen, and what undisturbed ones take; that is not known of costs
/// that an earlier version kept.
/// </summary>
internal sealed record MeasuredCost(CostKey Key, CallWidth Width, int Evaluations, double Seconds, int Seen, double? Undisturbed = null);
