using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Timesteps;

/// <summary>
/// The timesteps of A1111's DDIM, PLMS and UniPC: every ⌊1000/n⌋-th training step from the second one on, as many as there are, rising.
/// img2img keeps the first of them, and noises the picture to the one after those.
/// </summary>
/// <param name="Listed">What is run, rising; none where img2img keeps none.</param>
/// <param name="Begin">The timestep that a picture is noised to.</param>
/// <param name="AlphasCumprod">ᾱ of every training timestep.</param>
internal sealed record TimestepRun(int[] Listed, int Begin, float[] AlphasCumprod)
{
    /// <summary>Whether a picture is begun from.</summary>
    public bool IsPicture { get; private init; }

    /// <param name="config">The model's configuration.</param>
    /// <param name="steps">Of the whole schedule, 1…</param>
    /// <param name="encoded">img2img: entries that are kept, 0…; null: all, and a run from noise.</param>
    public static TimestepRun Of(SamplerConfig config, int steps, int? encoded)
    {
        float[] alphas = DiscreteSigmas.AlphasCumprod(config);
        int stride = Math.Max(alphas.Length / steps, 1);
        int[] all = [.. Enumerable.Range(0, (alphas.Length + stride - 1) / stride).Select(i => Math.Min(i * stride + 1, alphas.Length - 1))];
        return encoded is { } kept
            ? new(all[..Math.Min(kept, all.Length)], all[Math.Min(kept, all.Length - 1)], alphas) { IsPicture = true }
            : new(all, all[^1], alphas);
    }
}
