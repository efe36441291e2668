namespace Darkroom.Diffusion.Configuration;

/// <summary>What one run asks of a sampler, beyond the model's configuration. Null means the reference's default.</summary>
public sealed record SamplerRun
{
    /// <summary>Steps, 1…1000. Ignored where <see cref="Timesteps"/> or <see cref="Sigmas"/> are given.</summary>
    public int Steps { get; init; }

    /// <summary>A timestep list in place of the spacing rule (diffusers' <c>set_timesteps(timesteps=…)</c>).</summary>
    public IReadOnlyList<double>? Timesteps { get; init; }

    /// <summary>Noise levels in place of the sigma rule (diffusers' <c>set_timesteps(sigmas=…)</c>).</summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>Dynamic shift of flow models, from the picture's size.</summary>
    public double? Mu { get; init; }

    /// <summary>Share of the schedule that LCM takes its timesteps from (diffusers' <c>set_timesteps(strength=…)</c>).</summary>
    public double? Strength { get; init; }

    /// <summary>LCM and TCD: steps of the distilled teacher's schedule.</summary>
    public int? OriginalInferenceSteps { get; init; }

    /// <summary>Share of fresh noise, 0…1 (DDIM, TCD, ancestral and SDE rules).</summary>
    public double? Eta { get; init; }

    /// <summary>DDIM: derive the direction from the clipped prediction.</summary>
    public bool UseClippedModelOutput { get; init; }

    /// <summary>LMS: the number of past derivatives used, 1…4.</summary>
    public int? Order { get; init; }

    /// <summary>Karras' churn: noise added before steps whose sigma lies in [<see cref="STmin"/>, <see cref="STmax"/>].</summary>
    public double SChurn { get; init; }

    public double STmin { get; init; }

    public double STmax { get; init; } = double.PositiveInfinity;

    /// <summary>Factor on every draw.</summary>
    public double? SNoise { get; init; }
}
