namespace Darkroom.Models.Families;

/// <summary>What a family knows of its denoiser that the graph does not say.</summary>
public readonly record struct DenoiserOptions()
{
    /// <summary>The graph's timestep is the sampler's times this.</summary>
    public double TimestepScale { get; init; } = 1;

    /// <summary>Resolutions that it works at, each half of the one above.</summary>
    public int Levels { get; init; } = 1;

    /// <summary>
    /// Whether inputs for residuals may be one number for each channel, which the graph adds everywhere: then a call without any costs next to nothing. A
    /// graph that was written here may, an exporter's need not.
    /// </summary>
    public bool SpreadsResiduals { get; init; }
}
