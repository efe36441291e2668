using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// Sampling of latent consistency models (Luo et al. 2023, algorithm 3) as ComfyUI and A1111 do it: jump to the denoised latents, then noise
/// them to the next level.
/// </summary>
internal sealed class LcmSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : KDiffusionSampler(sigmas, denoiser, options, OneEach(sigmas))
{
    /// <summary>0 denoised, 1 draw.</summary>
    public override int SlotCount => 2;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        denoised.CopyTo(latents);
        double to = Sigmas[call.Step + 1];
        if (!(to > 0)) return;
        var draw = state.Slot(1);
        noise.Normal(draw);
        Latents.Scale(draw, Options.SNoise);
        Denoiser.AddNoise(latents, draw, to);
    }
}
