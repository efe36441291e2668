using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>k-diffusion's sampling functions by name.</summary>
public static class KDiffusionSamplers
{
    /// <summary>Functions that <see cref="Create"/> knows, without k-diffusion's prefix <c>sample_</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "euler", "euler_ancestral", "heun", "dpm_2", "dpm_2_ancestral", "lms", "dpm_fast", "dpm_adaptive", "dpmpp_2s_ancestral", "dpmpp_sde",
        "dpmpp_2m", "dpmpp_2m_sde", "dpmpp_3m_sde", "restart", "lcm",
    ];

    /// <param name="function">A name, with or without <c>sample_</c>.</param>
    /// <param name="sigmas">
    /// The levels that are run, largest first; for img2img the cut list, since churn, Restart and the multistep rules begin with it. May be null
    /// for dpm_fast and dpm_adaptive, which take their ends and steps from the options, or else from this list.
    /// </param>
    /// <param name="times">σ to the timestep that the network is told.</param>
    /// <param name="prediction">What the network's output means.</param>
    /// <param name="options">The function's arguments; null for its defaults.</param>
    /// <exception cref="NotSupportedException">The function is unknown, or draws noise and the model is a flow model.</exception>
    /// <exception cref="ArgumentException">Levels are missing, or an option is out of range.</exception>
    public static ISampler Create(
        string function, IReadOnlyList<double>? sigmas, ISigmaTime times, PredictionType prediction, KDiffusionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(times);
        options ??= KDiffusionOptions.Default;
        var denoiser = new Denoiser(times, prediction);
        string name = function.StartsWith("sample_", StringComparison.Ordinal) ? function["sample_".Length..] : function;
        if (prediction == PredictionType.Flow && name is not ("euler" or "heun" or "dpm_2" or "lms" or "dpmpp_2m" or "lcm"))
            throw new NotSupportedException($"{name} is a rule for x = x₀ + σ·ε; flow models run euler, heun, dpm_2, lms, dpmpp_2m, lcm.");
        return name switch
        {
            "dpm_fast" => new DpmFastSampler(Min(sigmas, options), Max(sigmas, options), Steps(sigmas, options)
                ?? throw new ArgumentException("dpm_fast needs its number of steps.", nameof(options)), denoiser, options),
            "dpm_adaptive" => new DpmAdaptiveSampler(Min(sigmas, options), Max(sigmas, options), Steps(sigmas, options), denoiser, options),
            "euler" => new EulerSampler(Listed(sigmas), denoiser, options),
            "euler_ancestral" => new EulerAncestralSampler(Listed(sigmas), denoiser, options),
            "heun" => new HeunSampler(Listed(sigmas), denoiser, options),
            "dpm_2" => new Dpm2Sampler(Listed(sigmas), denoiser, options),
            "dpm_2_ancestral" => new Dpm2AncestralSampler(Listed(sigmas), denoiser, options),
            "lms" => new LmsSampler(Listed(sigmas), denoiser, options),
            "dpmpp_2s_ancestral" => new Dpmpp2SAncestralSampler(Listed(sigmas), denoiser, options),
            "dpmpp_sde" => new DpmppSdeSampler(Listed(sigmas), denoiser, options),
            "dpmpp_2m" => new Dpmpp2MSampler(Listed(sigmas), denoiser, options),
            "dpmpp_2m_sde" => new Dpmpp2MSdeSampler(Listed(sigmas), denoiser, options),
            "dpmpp_3m_sde" => new Dpmpp3MSdeSampler(Listed(sigmas), denoiser, options),
            "restart" => new RestartSampler(Listed(sigmas), denoiser, options),
            "lcm" => new LcmSampler(Listed(sigmas), denoiser, options),
            _ => throw new NotSupportedException($"Sampler '{function}' is unknown; there are {string.Join(", ", Names)}."),
        };
    }

    private static IReadOnlyList<double> Listed(IReadOnlyList<double>? sigmas) => sigmas is { Count: >= 2 }
        ? sigmas
        : throw new ArgumentException("At least two noise levels are needed.", nameof(sigmas));

    private static int? Steps(IReadOnlyList<double>? sigmas, KDiffusionOptions options) => options.Steps ?? (sigmas is null ? null : sigmas.Count - 1);

    private static double Max(IReadOnlyList<double>? sigmas, KDiffusionOptions options) => options.SigmaMax ?? Listed(sigmas)[0];

    private static double Min(IReadOnlyList<double>? sigmas, KDiffusionOptions options) =>
        options.SigmaMin ?? (Listed(sigmas)[^1] > 0 ? sigmas![^1] : sigmas![^2]);
}
