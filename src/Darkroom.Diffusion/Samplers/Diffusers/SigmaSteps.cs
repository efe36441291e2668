using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Timestep and noise level of every step of a sigma-space class, before second-order classes repeat any.</summary>
/// <param name="Timesteps">n values.</param>
/// <param name="Sigmas">n values and the closing one, float32 values.</param>
/// <param name="Spacing">The timestep_spacing used.</param>
/// <param name="Table">Noise level to timestep.</param>
internal sealed record SigmaSteps(double[] Timesteps, float[] Sigmas, string Spacing, LogSigmaTable Table)
{
    public int Count => Timesteps.Length;

    /// <summary>The steps of the classes with a plain schedule: spacing, then Karras, exponential or beta, then 0.</summary>
    /// <param name="config">With what the class does not know taken out.</param>
    /// <param name="run">Steps, or custom timesteps.</param>
    /// <param name="alphasCumprod">The training noise.</param>
    /// <param name="single">Whether the class keeps timesteps in float32.</param>
    /// <param name="wholeKarras">KDPM2 rounds the timesteps of Karras sigmas, and of these alone.</param>
    public static SigmaSteps Make(SamplerConfig config, SamplerRun run, float[] alphasCumprod, bool single = true, bool wholeKarras = false)
    {
        float[] training = DiffusersSigmas.Training(alphasCumprod);
        var table = new LogSigmaTable(training);
        double[] timesteps = TimestepsOf(config, run, single);
        double[] sigmas = DiffusersSigmas.Interpolate(timesteps, training);
        if (DiffusersSigmas.Respaced(config, timesteps.Length, sigmas[0], sigmas[^1]) is { } respaced)
        {
            sigmas = respaced;
            timesteps = Array.ConvertAll(sigmas, table.TimestepOf);
            if (wholeKarras && config.UseKarrasSigmas == true)
                timesteps = Array.ConvertAll(timesteps, Math.Round);
            else if (single)
                timesteps = Array.ConvertAll(timesteps, t => (double)(float)t);
        }
        return new(timesteps, [.. sigmas.Select(s => (float)s), 0], SpacingOf(config), table);
    }

    /// <summary>diffusers' list where every inner sigma serves two calls: s₀, s₁, s₁, …, sₙ₋₁, sₙ₋₁, then the closing zeros.</summary>
    /// <param name="zeros">1, but 3 for the KDPM2 classes.</param>
    public double[] DoubledSigmas(int zeros) => [Sigmas[0], .. Sigmas[1..^1].SelectMany(s => new double[] { s, s }), .. new double[zeros]];

    public static string SpacingOf(SamplerConfig config) => config.TimestepSpacing ?? "linspace";

    /// <summary>The timesteps before any respacing of sigmas.</summary>
    /// <exception cref="NotSupportedException">Custom timesteps together with a rule that makes its own.</exception>
    public static double[] TimestepsOf(SamplerConfig config, SamplerRun run, bool single)
    {
        double[] timesteps;
        if (run.Timesteps is { } custom)
        {
            if (config.UseKarrasSigmas == true || config.UseExponentialSigmas == true || config.UseBetaSigmas == true)
                throw new NotSupportedException(
                    "Custom timesteps cannot be used with use_karras_sigmas, use_exponential_sigmas or use_beta_sigmas: these make their own.");
            if (custom.Count == 0)
                throw new NotSupportedException("Custom timesteps must hold at least one value.");
            timesteps = [.. custom];
        }
        else
        {
            timesteps = TimestepSpacing.Fractional(SpacingOf(config), run.Steps, config.NumTrainTimesteps ?? 1000, config.StepsOffset ?? 0);
        }
        return single ? Array.ConvertAll(timesteps, t => (double)(float)t) : timesteps;
    }
}
