namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>The arguments of k-diffusion's sampling functions. Null means the function's own default; a function ignores what it does not take.</summary>
public sealed record KDiffusionOptions
{
    public static KDiffusionOptions Default { get; } = new();

    /// <summary>Share of fresh noise. Default 1; 0 for dpm_fast and dpm_adaptive.</summary>
    public double? Eta { get; init; }

    /// <summary>Factor on every draw.</summary>
    public double SNoise { get; init; } = 1;

    /// <summary>Karras' churn over the whole run, spent on steps whose σ lies in [<see cref="STmin"/>, <see cref="STmax"/>] (euler, heun, dpm_2).</summary>
    public double SChurn { get; init; }

    public double STmin { get; init; }

    public double STmax { get; init; } = double.PositiveInfinity;

    /// <summary>lms: past derivatives used, default 4. dpm_adaptive: 2 or 3, default 3.</summary>
    public int? Order { get; init; }

    /// <summary>dpmpp_sde: where the inner point lies within the step's log σ, 0…1.</summary>
    public double R { get; init; } = 0.5;

    /// <summary>dpmpp_2m_sde: <c>midpoint</c> or <c>heun</c>.</summary>
    public string SolverType { get; init; } = "midpoint";

    /// <summary>restart: where to go back up; null for A1111's automatic list.</summary>
    public IReadOnlyList<RestartJump>? RestartList { get; init; }

    /// <summary>dpm_fast: network calls. dpm_adaptive: the largest number of tried steps, null for no bound. Default: the steps of the sigmas given.</summary>
    public int? Steps { get; init; }

    /// <summary>dpm_fast and dpm_adaptive: the ends of the run. Default: the largest and the smallest positive of the sigmas given.</summary>
    public double? SigmaMin { get; init; }

    public double? SigmaMax { get; init; }

    /// <summary>dpm_adaptive: error allowed relative to the latents, absolute, and first step in −ln σ.</summary>
    public double Rtol { get; init; } = 0.05;

    public double Atol { get; init; } = 0.0078;

    public double HInit { get; init; } = 0.05;

    /// <summary>dpm_adaptive: weights of the step size controller.</summary>
    public double PCoeff { get; init; }

    public double ICoeff { get; init; } = 1;

    public double DCoeff { get; init; }

    /// <summary>dpm_adaptive: a step is taken back if the next one would shrink below this factor.</summary>
    public double AcceptSafety { get; init; } = 0.81;

    /// <summary>Range of noise levels that the Brownian tree is laid over. Default: that of the sigmas given.</summary>
    public (double Min, double Max)? BrownianRange { get; init; }

    /// <summary>
    /// Start from unit noise times √(σ² + 1), as ComfyUI does at a model's largest σ, in place of σ, as A1111 and k-diffusion do.
    /// </summary>
    public bool UnitVarianceStart { get; init; }
}

/// <summary>
/// One entry of a Restart list (Xu et al. 2023): having come down to <paramref name="At"/>, noise up to <paramref name="Top"/> and come down again.
/// </summary>
/// <param name="At">σ at which to go back; the nearest level of the schedule is taken.</param>
/// <param name="Levels">Levels of each descent, both ends included.</param>
/// <param name="Times">How often.</param>
/// <param name="Top">σ to go up to; the nearest level of the schedule is taken.</param>
public sealed record RestartJump(double At, int Levels, int Times, double Top);
