namespace Darkroom.Engine.Jobs;

/// <summary>Calls of the denoiser that are left out where what it gave before will do.</summary>
/// <param name="Method">The rule that says which.</param>
/// <param name="Threshold">0…1: how much its answer may have changed, as a share of it; 0 leaves out none.</param>
public sealed record CacheOrder(CacheMethod Method, double Threshold);

public enum CacheMethod
{
    /// <summary>Whole calls, by an estimate from what the network is shown (Zhou et al. 2025).</summary>
    Easycache,
}
