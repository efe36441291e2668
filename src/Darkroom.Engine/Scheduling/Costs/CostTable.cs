namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>
/// What calls cost on one device, learned from the calls themselves. What was never measured is guessed from the nearest measurement of the same network and
/// size, else from the network's size and how fast this machine ran others: nothing is ever measured for its own sake.
/// </summary>
/// <remarks>Only the engine's loop writes and reads it.</remarks>
/// <param name="traits">Of the device.</param>
/// <param name="sizeOf">How large a network is; null where nobody knows.</param>
public sealed class CostTable(DeviceTraits traits, Func<CallShape, CallSize?> sizeOf) : ICallCosts
{
    /// <summary>Weights of a network that nobody knows: some tens of millions.</summary>
    private const double UnknownSize = 5e7;

    private readonly Dictionary<(CallShape Call, CallWidth Width), CostCurve> curves = [];
    private readonly HashSet<(CallShape Call, int Evaluations, CallWidth Width)> first = [];
    private readonly Dictionary<CallShape, int> most = [];
    private double speed = 1; // of this machine over what its traits say, from all that was measured
    private int speeds;

    /// <summary>Moves on with every measurement.</summary>
    public long Version { get; private set; }

    /// <summary>All that was measured.</summary>
    public IEnumerable<MeasuredCost> Measured =>
        curves.SelectMany(pair => pair.Value.Points.Select(point => new MeasuredCost(pair.Key.Call, pair.Key.Width, point.Evaluations, point.Seconds, point.Seen)));

    /// <summary>Takes a measured call. The first of a kind in this process is not counted: it pays for buffers and kernels that later ones find ready.</summary>
    public void Learn(in CallShape call, int evaluations, CallWidth width, double seconds)
    {
        if (first.Add((call, evaluations, width))) return;
        CurveOf(call, width).Learn(evaluations, seconds);
        Version++;
        LearnSpeed(call, evaluations, width, seconds);
    }

    /// <summary>Takes what was kept from an earlier run.</summary>
    public void Restore(MeasuredCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        CurveOf(cost.Call, cost.Width).Set(cost.Evaluations, cost.Seconds, cost.Seen);
        LearnSpeed(cost.Call, cost.Evaluations, cost.Width, cost.Seconds);
    }

    /// <summary>Remembers that more evaluations than these do not fit in the device's memory.</summary>
    public void Limit(in CallShape call, int evaluations)
    {
        most[call] = Math.Max(1, evaluations);
        Version++;
    }

    public int MostOf(in CallShape call) => most.GetValueOrDefault(call, int.MaxValue);

    public bool IsMeasured(in CallShape call, int evaluations, CallWidth width) =>
        curves.TryGetValue((call, width), out var curve) && curve.Has(evaluations);

    public double SecondsOf(in CallShape call, int evaluations, CallWidth width)
    {
        if (curves.TryGetValue((call, width), out var curve) && !curve.IsEmpty)
            return curve.SecondsOf(evaluations, FixedShare(width));
        // Both ways the guess is the better end of what is likely: it is soon measured then, where a poor one would never be put to the test.
        var other = width == CallWidth.Wide ? CallWidth.Narrow : CallWidth.Wide;
        double narrow = traits.Threads / traits.NarrowGain; // seconds of a narrow call over those of a wide one
        if (curves.TryGetValue((call, other), out curve) && !curve.IsEmpty)
            return curve.SecondsOf(evaluations, FixedShare(other)) * (width == CallWidth.Narrow ? narrow : 1.0 / traits.Threads);
        double seconds = Guess(call) * (traits.FixedShare + (1 - traits.FixedShare) * evaluations);
        return (width == CallWidth.Narrow ? narrow : 1) * seconds / speed;
    }

    private double FixedShare(CallWidth width) => width == CallWidth.Narrow ? 0 : traits.FixedShare;

    /// <summary>Seconds of one evaluation, from the network's size.</summary>
    private double Guess(in CallShape call) => (sizeOf(call) ?? new CallSize(UnknownSize)).WorkOf(call) / traits.WorkPerSecond;

    private void LearnSpeed(in CallShape call, int evaluations, CallWidth width, double seconds)
    {
        if (width != CallWidth.Wide || call.Stage != NetworkStage.Denoise || sizeOf(call) is null) return;
        double guessed = Guess(call) * (traits.FixedShare + (1 - traits.FixedShare) * evaluations);
        speed += Math.Max(0.05, 1.0 / ++speeds) * (guessed / Math.Max(seconds, 1e-9) - speed);
    }

    private CostCurve CurveOf(in CallShape call, CallWidth width)
    {
        if (!curves.TryGetValue((call, width), out var curve)) curves[(call, width)] = curve = new CostCurve();
        return curve;
    }
}

/// <summary>One measured cost: the moving mean of calls of so many evaluations, and how many were seen.</summary>
public sealed record MeasuredCost(CallShape Call, CallWidth Width, int Evaluations, double Seconds, int Seen);
