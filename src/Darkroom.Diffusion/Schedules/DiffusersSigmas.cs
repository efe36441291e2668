using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>Noise levels of a variance-preserving model in the σ of x = x₀ + σ·ε, as diffusers works them out.</summary>
public static class DiffusersSigmas
{
    /// <summary>The ᾱ that classes with zero terminal SNR give the last timestep where 0 would make its sigma infinite.</summary>
    public const float LastAlphaOfZeroSnr = 1f / (1 << 24);

    /// <summary>√((1 − ᾱ)/ᾱ) for every training timestep, in float32.</summary>
    public static float[] Training(ReadOnlySpan<float> alphasCumprod)
    {
        var result = new float[alphasCumprod.Length];
        for (int i = 0; i < result.Length; i++)
        {
            // The exact root is half a digit below 4096 and torch rounds it up: starting noise at that level shows the difference.
            result[i] = alphasCumprod[i] == LastAlphaOfZeroSnr ? 4096 : MathF.Sqrt((1 - alphasCumprod[i]) / alphasCumprod[i]);
        }
        return result;
    }

    /// <summary>The training sigmas at fractional timesteps, linear in between, clamped at both ends (numpy's interp).</summary>
    public static double[] Interpolate(ReadOnlySpan<double> timesteps, ReadOnlySpan<float> training)
    {
        var result = new double[timesteps.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double t = Math.Clamp(timesteps[i], 0, training.Length - 1);
            int low = Math.Min((int)t, training.Length - 2);
            result[i] = ((double)training[low + 1] - training[low]) * (t - low) + training[low];
        }
        return result;
    }

    /// <summary>
    /// Sigmas spread anew by the rule that the configuration switches on (Karras, exponential or beta), or null where it names none.
    /// </summary>
    /// <param name="config">use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas.</param>
    /// <param name="count">How many.</param>
    /// <param name="max">The first.</param>
    /// <param name="min">The last.</param>
    /// <exception cref="NotSupportedException">More than one rule is switched on.</exception>
    public static double[]? Respaced(SamplerConfig config, int count, double max, double min)
    {
        ArgumentNullException.ThrowIfNull(config);
        bool karras = config.UseKarrasSigmas == true, exponential = config.UseExponentialSigmas == true, beta = config.UseBetaSigmas == true;
        if ((karras ? 1 : 0) + (exponential ? 1 : 0) + (beta ? 1 : 0) > 1)
            throw new NotSupportedException(
                $"Only one of use_karras_sigmas ({karras}), use_exponential_sigmas ({exponential}), use_beta_sigmas ({beta}) can be true.");
        return karras ? SigmaRules.Karras(count, min, max)
            : exponential ? SigmaRules.Exponential(count, min, max)
            : beta ? SigmaRules.Beta(count, min, max)
            : null;
    }
}
