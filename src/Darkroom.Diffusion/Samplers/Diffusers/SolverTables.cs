using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>All numbers of a run of an exponential solver that do not depend on its rule; n calls, n + 1 levels.</summary>
internal sealed record SolverTables
{
    public required double[] Timesteps { get; init; }

    /// <summary>As diffusers lists them.</summary>
    public required double[] Sigmas { get; init; }

    public required NoiseLevel[] Levels { get; init; }

    /// <summary>The level that a picture is noised to at the start, where that is not the first call's; null: it is.</summary>
    public NoiseLevel? Start { get; init; }

    /// <summary>From the network's output to x₀, per call.</summary>
    public required OutputMix[] Denoised { get; init; }

    /// <summary>From the network's output to ε, per call.</summary>
    public OutputMix[] Noise { get; init; } = [];

    public required double InitialScale { get; init; }

    /// <summary>The network's input is the latents times this, per call.</summary>
    public required double[] InputScales { get; init; }

    public required Thresholding Thresholding { get; init; }

    /// <summary>A variance-preserving or flow model on diffusers' training timesteps.</summary>
    public static SolverTables Create(SamplerConfig config, SolverSchedule schedule)
    {
        if (config.VarianceType is "learned" or "learned_range")
            throw new NotSupportedException($"variance_type '{config.VarianceType}' is not supported: the output's variance half is not read.");
        var type = PredictionTypeNames.Parse(config.PredictionType);
        Converter<double, NoiseLevel> level = config.UseFlowSigmas == true ? NoiseLevel.Flow : NoiseLevel.VariancePreserving;
        NoiseLevel[] levels = Array.ConvertAll(schedule.Sigmas, level);
        int calls = schedule.Timesteps.Length;
        return new()
        {
            Timesteps = schedule.Timesteps,
            Sigmas = schedule.Sigmas,
            Levels = levels,
            Denoised = [.. Enumerable.Range(0, calls).Select(i => OutputMix.Denoised(type, levels[i], schedule.Sigmas[i]))],
            Noise = [.. levels.Take(calls).Select(level => OutputMix.Noise(type, level))],
            InitialScale = 1,
            InputScales = [.. Enumerable.Repeat(1.0, calls)],
            Thresholding = ThresholdingOf(config),
        };
    }

    /// <summary>diffusers' thresholding keys with its solvers' defaults.</summary>
    public static Thresholding ThresholdingOf(SamplerConfig config) => config.Thresholding == true
        ? new(true, config.DynamicThresholdingRatio ?? 0.995, config.SampleMaxValue ?? 1, null)
        : Thresholding.None;
}
