using System.Globalization;
using Darkroom.Diffusion.Guidance;
using Darkroom.Engine.Jobs;

namespace Darkroom.Benchmarks.Caching;

/// <summary>One way to ask the network less.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Change">What it changes of a request.</param>
internal sealed record SavingVariant(string Name, Func<GenerationRequest, GenerationRequest> Change)
{
    private static readonly double[] Thresholds = [0, 0.1, 0.15, 0.2, 0.3, 0.5];

    private static readonly (double From, double To)[] Intervals = [(0, 0.8), (0.2, 1), (0.2, 0.8)];

    private static readonly double[] Shares = [0.8, 0.6, 0.5];

    /// <summary>All of them, growing; the first changes nothing.</summary>
    public static IReadOnlyList<SavingVariant> All(int steps) =>
    [
        new("as it is", static request => request),
        .. Cached,
        .. Intervals.Select(one => new SavingVariant(
            string.Create(CultureInfo.InvariantCulture, $"guidance_interval [{one.From}, {one.To}]"),
            request => request with { GuidanceInterval = new GuidanceInterval(one.From, one.To) })),
        .. Shares.Select(share => (int)(share * steps)).Select(fewer => new SavingVariant(
            string.Create(CultureInfo.InvariantCulture, $"{fewer} steps"), request => request with { Steps = fewer })),
    ];

    /// <summary>Those of the cache.</summary>
    public static IEnumerable<SavingVariant> Cached => Thresholds.Select(threshold => new SavingVariant(
        string.Create(CultureInfo.InvariantCulture, $"easycache {threshold}"),
        request => request with { Cache = new CacheOrder(CacheMethod.Easycache, threshold) }));
}
