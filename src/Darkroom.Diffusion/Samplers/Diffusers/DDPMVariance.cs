using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>How much noise a DDPM step adds: the variance of the posterior, β itself, or what the network says of it.</summary>
internal abstract class DDPMVariance
{
    /// <exception cref="NotSupportedException">The type is unknown.</exception>
    public static DDPMVariance Of(string? type) => type switch
    {
        // With its logarithm undone, as both are used, the log form is the same number.
        null or "fixed_small" or "fixed_small_log" => new Fixed(small: true),
        // diffusers takes the root of the logarithm here, which is NaN; the type's meaning is β.
        "fixed_large" or "fixed_large_log" => new Fixed(small: false),
        "learned" => new Learned(interpolated: false),
        "learned_range" => new Learned(interpolated: true),
        _ => throw new NotSupportedException(
            $"variance_type '{type}' is unknown; known are fixed_small, fixed_small_log, fixed_large, fixed_large_log, learned, learned_range."),
    };

    /// <summary>Cuts the network's variance off its output.</summary>
    public abstract ReadOnlySpan<float> Split(ref ReadOnlySpan<float> output, int length);

    /// <summary>x ← x + √variance · noise</summary>
    public abstract void Add(Span<float> x, ReadOnlySpan<float> noise, ReadOnlySpan<float> learned, double posterior, double beta);

    private sealed class Fixed(bool small) : DDPMVariance
    {
        public override ReadOnlySpan<float> Split(ref ReadOnlySpan<float> output, int length) => default;

        public override void Add(Span<float> x, ReadOnlySpan<float> noise, ReadOnlySpan<float> learned, double posterior, double beta) =>
            Latents.Add(x, Math.Sqrt(small ? posterior : beta), noise);
    }

    /// <summary>
    /// The second half of the channels is the variance, or its place between ln posterior (−1) and ln β (1), Nichol and Dhariwal 2021, equation 15.
    /// </summary>
    private sealed class Learned(bool interpolated) : DDPMVariance
    {
        public override ReadOnlySpan<float> Split(ref ReadOnlySpan<float> output, int length)
        {
            if (output.Length != 2 * length)
                throw new NotSupportedException($"A learned variance_type needs a network with twice the channels: {2 * length} values, not {output.Length}.");
            var learned = output[length..];
            output = output[..length];
            return learned;
        }

        public override void Add(Span<float> x, ReadOnlySpan<float> noise, ReadOnlySpan<float> learned, double posterior, double beta)
        {
            double low = Math.Log(posterior), high = Math.Log(beta);
            for (int i = 0; i < x.Length; i++)
            {
                double place = (learned[i] + 1.0) / 2;
                double deviation = interpolated ? Math.Exp(0.5 * (place * high + (1 - place) * low)) : Math.Sqrt(learned[i]);
                x[i] += (float)deviation * noise[i];
            }
        }
    }
}
