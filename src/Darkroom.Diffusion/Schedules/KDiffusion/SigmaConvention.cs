namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Whose sigma rules and timesteps are followed: two programs give different numbers under one name.</summary>
public enum SigmaConvention
{
    /// <summary>Continuous timesteps, levels spread over σ.</summary>
    A1111,

    /// <summary>Integer timesteps, levels picked by training step.</summary>
    ComfyUi,
}
