using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// Noise levels of models without training timesteps (EDM, Stable Audio), largest first. In float32 as torch computes them, since the
/// preconditioned timesteps are made from them.
/// </summary>
internal static class ContinuousSigmas
{
    /// <param name="config">sigma_schedule (karras, exponential) and rho.</param>
    /// <param name="steps">1…</param>
    /// <param name="min">Lowest level.</param>
    /// <param name="max">Highest level.</param>
    /// <param name="fallback">The class's own sigma_schedule.</param>
    /// <exception cref="NotSupportedException">sigma_schedule is unknown.</exception>
    public static float[] Create(SamplerConfig config, int steps, double min, double max, string fallback)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        switch (config.SigmaSchedule ?? fallback)
        {
            case "karras":
                double rho = config.Rho ?? 7, low = Math.Pow(min, 1 / rho), high = Math.Pow(max, 1 / rho);
                return Array.ConvertAll(
                    BetaSchedule.Linspace(0, 1, steps), ramp => MathF.Pow((float)high + ramp * (float)(low - high), (float)rho));
            case "exponential":
                float[] rising = Array.ConvertAll(BetaSchedule.Linspace((float)Math.Log(min), (float)Math.Log(max), steps), MathF.Exp);
                return [.. rising.Reverse()];
            case var other:
                throw new NotSupportedException($"sigma_schedule '{other}' is unknown; known are karras, exponential.");
        }
    }
}
