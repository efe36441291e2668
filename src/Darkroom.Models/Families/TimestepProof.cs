using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Darkroom.Models.Families;

/// <summary>
/// Runs a denoiser to see whether rows of different timesteps share a call without changing each other: two rows of different latents, texts and timesteps
/// together, and each alone, must give the same within rounding. A third run with the timesteps exchanged shows that they matter at all.
/// </summary>
internal static class TimestepProof
{
    private const double Early = 981, Late = 21;

    /// <summary>
    /// How far a row may be from itself alone, as a share of the answer's largest value. Kernels add in another order for another batch size: 1e-6 of
    /// it on a CPU in float32, up to 1e-3 with TF32, and float16 has three digits.
    /// </summary>
    private const double Tolerance = 2e-3, HalfTolerance = 1e-2;

    /// <summary>What the wrong timestep must change at least, in tolerances: below that nothing was shown.</summary>
    private const double Clear = 4;

    /// <returns>Why the proof failed; null where it holds.</returns>
    /// <exception cref="GraphException">The graph refused a call.</exception>
    public static string? Check(Denoiser denoiser, LatentShape shape, int tokens)
    {
        var noise = new PhiloxGenerator(20);
        int length = shape.Channels * shape.Height * shape.Width;
        float[][] latents = [Normal(noise, length), Normal(noise, length)];
        // What an inpainting network takes beyond the latents.
        int channels = Math.Max(denoiser.Channels, shape.Channels);
        float[] more = Normal(noise, (channels - shape.Channels) * shape.Height * shape.Width);
        Conditioning[] texts = [denoiser.MadeUp(tokens, noise), denoiser.MadeUp(tokens, noise)];
        double[] times = [Early, Late];

        float[][] together = Run([0, 1], times), first = Run([0], times), second = Run([1], times), wrong = Run([0, 1], [Late, Early]);
        double largest = Math.Max(Largest(first[0]), Largest(second[0]));
        if (!double.IsFinite(largest) || largest == 0) return "its answers to noise are not finite, or all zero";
        double allowed = largest * (denoiser.Precision == TensorElementType.Float16 ? HalfTolerance : Tolerance);
        if (!(Furthest(together[0], first[0]) <= allowed && Furthest(together[1], second[0]) <= allowed))
            return "rows of different timesteps change each other's answers";
        return Furthest(wrong[0], first[0]) >= Clear * allowed && Furthest(wrong[1], second[0]) >= Clear * allowed
            ? null
            : "its answers hardly depend on the timestep, so nothing could be shown";

        float[][] Run(int[] rows, double[] at)
        {
            float[][] outputs = [.. rows.Select(_ => new float[length])];
            denoiser.Run(shape, rows.Select((row, i) => new DenoiserRow(latents[row], 1, at[row], texts[row], outputs[i]) { MoreChannels = more }).ToArray());
            return outputs;
        }
    }

    private static float[] Normal(PhiloxGenerator noise, int length)
    {
        var values = new float[length];
        noise.Normal(values);
        return values;
    }

    private static double Largest(float[] values) => values.Max(value => Math.Abs((double)value));

    private static double Furthest(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs((double)a - b)).Max();
}
