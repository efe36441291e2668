using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers.Diffusers;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Timesteps;

/// <summary>
/// UniPC's tables as A1111 and ComfyUI lay them: order 3 of the form bh1, x₀ predicted. diffusers' rule runs on them, which is the same expansion.
/// </summary>
internal static class TimestepUniPC
{
    private const int Order = 3;

    /// <summary>ComfyUI's last level in the place of zero, of which UniPC has no logarithm.</summary>
    private const double Smallest = 0.001;

    /// <summary>
    /// A1111: continuous time from t to 1/T in equal parts, ln α linear between two training steps. A run from a picture begins at the last of its entries,
    /// though the picture was noised to the one after it.
    /// </summary>
    public static ISampler A1111(TimestepRun run, PredictionType prediction)
    {
        int calls = run.Listed.Length, trained = run.AlphasCumprod.Length;
        float start = run.IsPicture && calls > 0 ? run.Listed[^1] / (float)trained + 1f / trained : 1;
        float[] times = BetaSchedule.Linspace(start, 1f / trained, calls + 1);
        NoiseLevel[] levels = Array.ConvertAll(times, time => LevelAt(run.AlphasCumprod, time));
        double[] timesteps = [.. times.Take(calls).Select(time => (double)((time - 1f / trained) * trained))];
        return UniPCMultistep.Of(
            Tables(levels, timesteps, [.. Enumerable.Range(0, calls).Select(i => Denoised(run, prediction, levels[i], timesteps[i]))]) with
            {
                Start = NoiseLevel.VariancePreserving(Ratio(run.AlphasCumprod[run.Begin])),
            },
            Math.Min(Order, Math.Max(calls, 1)), bh1: true);
    }

    /// <summary>ComfyUI: on the levels of a sigma rule.</summary>
    public static ISampler ComfyUi(IReadOnlyList<double> sigmas, ISigmaTime time, PredictionType prediction, bool fromNoise)
    {
        double[] ratios = [.. sigmas.Take(sigmas.Count - 1), sigmas[^1] == 0 ? Smallest : sigmas[^1]];
        NoiseLevel[] levels = Array.ConvertAll(ratios, NoiseLevel.VariancePreserving);
        int calls = levels.Length - 1;
        var tables = Tables(
            levels, [.. ratios.Take(calls).Select(time.TimestepOf)],
            [.. Enumerable.Range(0, calls).Select(i => OutputMix.Denoised(prediction, levels[i], ratios[i]))]);
        // Where a run begins from the largest level, the noise has unit variance whatever it is added to.
        return UniPCMultistep.Of(
            fromNoise ? tables with { Start = levels[0] with { Sigma = 1 } } : tables, Math.Clamp(calls - 1, 1, Order), bh1: true);
    }

    private static SolverTables Tables(NoiseLevel[] levels, double[] timesteps, OutputMix[] denoised) => new()
    {
        Timesteps = timesteps,
        Sigmas = Array.ConvertAll(levels, level => level.Sigma / level.Alpha),
        Levels = levels,
        Denoised = denoised,
        InitialScale = 1,
        InputScales = [.. Enumerable.Repeat(1.0, timesteps.Length)],
        Thresholding = Thresholding.None,
    };

    /// <summary>A1111 takes ε of a v-prediction by the training step below, and x₀ of ε by the level itself.</summary>
    private static OutputMix Denoised(TimestepRun run, PredictionType prediction, NoiseLevel level, double timestep)
    {
        if (prediction != PredictionType.V) return OutputMix.Denoised(prediction, level, level.Sigma / level.Alpha);
        double bar = run.AlphasCumprod[Math.Clamp((int)(float)timestep, 0, run.AlphasCumprod.Length - 1)];
        return new((1 - level.Sigma * Math.Sqrt(1 - bar)) / level.Alpha, -level.Sigma * Math.Sqrt(bar) / level.Alpha);
    }

    private static NoiseLevel LevelAt(float[] alphasCumprod, float time)
    {
        double place = Math.Clamp((double)time * alphasCumprod.Length - 1, 0, alphasCumprod.Length - 1);
        int below = Math.Min((int)place, alphasCumprod.Length - 2);
        double low = Math.Log(alphasCumprod[below]), high = Math.Log(alphasCumprod[below + 1]);
        return NoiseLevel.VariancePreserving(Ratio(Math.Exp(low + (high - low) * (place - below))));
    }

    private static double Ratio(double alphaCumprod) => Math.Sqrt((1 - alphaCumprod) / alphaCumprod);
}
