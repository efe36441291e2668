using System.Collections.Concurrent;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Estimates;

/// <summary>
/// What calls were measured to need of memory beyond the weights, by network, size and number of evaluations. What was never measured is what was estimated,
/// corrected by how far the estimate was off at the largest call of the same network. Any thread may ask.
/// </summary>
internal sealed class PeakTable
{
    /// <summary>An estimate that was too high is trusted to be so up to this many times that call: the terms that grow fastest lead there.</summary>
    private const double Trusted = 4;

    private readonly ConcurrentDictionary<(CostKey Key, int Evaluations), Peak> peaks = [];
    private readonly ConcurrentDictionary<(string Model, NetworkKind Kind), Peak> largest = [];
    private long version;

    /// <summary>Moves on with every measurement that said something new.</summary>
    public long Version => Interlocked.Read(ref version);

    public IEnumerable<MeasuredPeak> Measured =>
        peaks.Select(pair => new MeasuredPeak(pair.Key.Key, pair.Key.Evaluations, pair.Value.Bytes, pair.Value.Estimate));

    /// <summary>Takes a measurement.</summary>
    /// <param name="key">Network and size.</param>
    /// <param name="evaluations">In the call.</param>
    /// <param name="bytes">What it had in use at once.</param>
    /// <param name="estimate">What was estimated for it, without this table.</param>
    public void Learn(in CostKey key, int evaluations, long bytes, long estimate)
    {
        var peak = new Peak(bytes, Math.Max(1, estimate));
        if (peaks.TryGetValue((key, evaluations), out var known) && known.Bytes >= bytes) return;
        peaks[(key, evaluations)] = peak;
        if (!largest.TryGetValue((key.Model, key.Kind), out var before) || before.Bytes <= bytes) largest[(key.Model, key.Kind)] = peak;
        Interlocked.Increment(ref version);
    }

    /// <summary>Takes what was kept from an earlier run.</summary>
    public void Restore(MeasuredPeak peak)
    {
        ArgumentNullException.ThrowIfNull(peak);
        Learn(peak.Key, peak.Evaluations, peak.Bytes, peak.Estimate);
    }

    /// <summary>Bytes that a call may need.</summary>
    /// <param name="key">Network and size.</param>
    /// <param name="evaluations">In the call.</param>
    /// <param name="estimate">What is estimated for it.</param>
    public long BytesOf(in CostKey key, int evaluations, long estimate)
    {
        // Longer texts than those of the measured call make the estimate larger, and the call with it.
        if (peaks.TryGetValue((key, evaluations), out var known)) return (long)(known.Bytes * Math.Max(1.0, estimate / (double)known.Estimate));
        if (!largest.TryGetValue((key.Model, key.Kind), out var like)) return estimate;
        double off = like.Bytes / (double)like.Estimate;
        return off >= 1 || estimate <= Trusted * like.Estimate ? (long)(estimate * off) : estimate;
    }

    private readonly record struct Peak(long Bytes, long Estimate);
}

/// <summary>One measured peak, and what had been estimated.</summary>
internal sealed record MeasuredPeak(CostKey Key, int Evaluations, long Bytes, long Estimate);
