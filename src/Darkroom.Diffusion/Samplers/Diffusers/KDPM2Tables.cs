using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>The steps of the two KDPM2 classes, and the levels half-way.</summary>
internal static class KDPM2Tables
{
    public static SigmaSteps Steps(SamplerConfig config, SamplerRun run, string className)
    {
        ClassOptions.NoCustom(run, className);
        config = ClassOptions.StableDiffusionBetas(config);
        return SigmaSteps.Make(config, run, BetaSchedule.AlphasCumprod(config), wholeKarras: true);
    }

    /// <summary>√(σ·end) of every step but the last, as float32: the geometric mean, half-way in ln σ.</summary>
    /// <param name="steps">The schedule.</param>
    /// <param name="end">Where a step's deterministic part ends, of its two levels.</param>
    public static double[] Middles(SigmaSteps steps, Func<double, double, double> end)
    {
        var result = new double[steps.Count - 1];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)Math.Sqrt(steps.Sigmas[i] * end(steps.Sigmas[i], steps.Sigmas[i + 1]));
        return result;
    }
}
