using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Measuring;

/// <summary>The noise levels that a model was trained at, one for each training timestep, from the least noise to the most.</summary>
public sealed class TrainingLevels
{
    /// <summary>Under zero terminal SNR the last level has no signal at all; diffusers puts 2⁻²⁴ in its place.</summary>
    private const float LastOfZeroSnr = 1f / (1 << 24);

    private readonly TrainingLevel[] levels;
    private readonly ISigmaTime times;

    private TrainingLevels(TrainingLevel[] levels, ISigmaTime times) => (this.levels, this.times) = (levels, times);

    public int Count => levels.Length;

    /// <summary>The level of a training timestep, 0…<see cref="Count"/> − 1.</summary>
    public TrainingLevel this[int timestep] => levels[timestep];

    /// <summary>Whether a model's configuration tells its levels: those of EDM and of models with a continuous schedule are no list of timesteps.</summary>
    public static bool AreKnown(string samplerClass) =>
        !samplerClass.StartsWith("EDM", StringComparison.Ordinal) && !samplerClass.StartsWith("Cosine", StringComparison.Ordinal);

    /// <param name="samplerClass">diffusers' class of the model's configuration.</param>
    /// <param name="config">The rest of it.</param>
    /// <exception cref="NotSupportedException">The configuration names a schedule or a prediction that is not known.</exception>
    public static TrainingLevels Of(string samplerClass, SamplerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!AreKnown(samplerClass)) throw new NotSupportedException($"{samplerClass} has no list of training timesteps.");
        if (SamplerCatalog.IsFlowClass(samplerClass) || config is { UseFlowSigmas: true } or { PredictionType: "flow_prediction" })
        {
            int count = config.NumTrainTimesteps ?? 1000;
            // In the middle of each timestep: at the ends there is no noise, or nothing else.
            return new([.. Enumerable.Range(0, count).Select(step => Flow(step + 0.5, count))], new FlowTime(count));
        }
        float[] bars = BetaSchedule.AlphasCumprod(config, supportsZeroSnr: true, LastOfZeroSnr);
        var type = PredictionTypeNames.Parse(config.PredictionType);
        return new(
            [.. bars.Select((bar, step) => new TrainingLevel(step, Math.Sqrt(bar), Math.Sqrt(1 - (double)bar), type))], DiscreteSigmas.Of(config).Continuous);
    }

    /// <summary>The level whose ratio of noise to signal is nearest by its logarithm.</summary>
    /// <param name="ratio">σ/α, above 0.</param>
    public int NearestTo(double ratio)
    {
        int low = 0, high = Count - 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (levels[middle].Ratio <= ratio) low = middle;
            else high = middle;
        }
        return ratio * ratio <= levels[low].Ratio * levels[high].Ratio ? low : high;
    }

    /// <summary>
    /// Timesteps from the least noise to the most, spread evenly over the logarithm of σ/α; fewer than asked where they would be the same.
    /// </summary>
    /// <param name="count">At least 2.</param>
    /// <param name="minRatio">Levels below are left out.</param>
    /// <param name="maxRatio">Levels above are left out.</param>
    public IReadOnlyList<int> Spread(int count, double minRatio, double maxRatio)
    {
        double first = Math.Log(Math.Max(minRatio, levels[0].Ratio)), last = Math.Log(Math.Min(maxRatio, levels[^1].Ratio));
        var result = new List<int>(count);
        for (int i = 0; i < count; i++)
        {
            int timestep = NearestTo(Math.Exp(first + (last - first) * i / (count - 1)));
            if (result.Count == 0 || timestep > result[^1]) result.Add(timestep);
        }
        return result;
    }

    /// <summary>
    /// The sampler that takes noise of a known level away: the probability-flow ODE by Euler's rule from that level to 0, in steps of one size. A single step
    /// gives the mean of all clean latents that the noised ones may come from.
    /// </summary>
    /// <param name="ratio">σ/α of what it begins with, at most that of the last level.</param>
    /// <param name="steps">At least 1.</param>
    public ISampler Denoiser(double ratio, int steps)
    {
        bool isFlow = levels[0].Type == PredictionType.Flow;
        double level = isFlow ? ratio / (1 + ratio) : ratio; // a flow's σ is σ / (α + σ)
        return KDiffusionSamplers.Create("euler", [.. Enumerable.Range(0, steps + 1).Select(step => level * (steps - step) / steps)], times, levels[0].Type);
    }

    private static TrainingLevel Flow(double timestep, int count) => new(timestep, 1 - timestep / count, timestep / count, PredictionType.Flow);
}
