using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>What several classes read from a configuration in the same way, and what they refuse in the same words.</summary>
internal static class ClassOptions
{
    /// <exception cref="NotSupportedException">The class has no formula for the prediction type.</exception>
    public static PredictionType Prediction(SamplerConfig config, string className, params ReadOnlySpan<PredictionType> known)
    {
        var type = PredictionTypeNames.Parse(config.PredictionType);
        if (!known.Contains(type))
            throw new NotSupportedException(
                $"{className} has no prediction_type '{config.PredictionType}'; it knows {string.Join(", ", known.ToArray())}.");
        return type;
    }

    /// <summary>How x₀ is kept in range: thresholding goes before the clip.</summary>
    public static Thresholding Range(SamplerConfig config, bool clipByDefault, bool canThreshold = true) => new(
        canThreshold && config.Thresholding == true,
        config.DynamicThresholdingRatio ?? 0.995,
        config.SampleMaxValue ?? 1,
        config.ClipSample ?? clipByDefault ? config.ClipSampleRange ?? 1 : null);

    /// <exception cref="NotSupportedException">The run brings a list that the class takes no such list of.</exception>
    public static void NoCustom(SamplerRun run, string className, bool timesteps = true, bool sigmas = true)
    {
        if (timesteps && run.Timesteps is not null)
            throw new NotSupportedException($"{className} takes no custom timesteps; give a number of steps.");
        if (sigmas && run.Sigmas is not null)
            throw new NotSupportedException($"{className} takes no custom sigmas; give a number of steps.");
    }

    /// <summary>Whole, falling timesteps as the caller gave them.</summary>
    /// <exception cref="NotSupportedException">They do not fall, or leave 0…<paramref name="trained"/>−1.</exception>
    public static double[] CustomTimesteps(IReadOnlyList<double> timesteps, int trained, string className)
    {
        if (timesteps.Count == 0)
            throw new NotSupportedException($"{className} needs at least one timestep.");
        for (int i = 0; i < timesteps.Count; i++)
        {
            double t = timesteps[i];
            if (!(t >= 0 && t < trained && t == Math.Floor(t)))
                throw new NotSupportedException($"{className}: timestep {t} is not a whole number in 0…{trained - 1}.");
            if (i > 0 && t >= timesteps[i - 1])
                throw new NotSupportedException($"{className}: timesteps must fall, but {t} follows {timesteps[i - 1]}.");
        }
        return [.. timesteps];
    }
}
