using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>DPM-Solver++(2M): the denoised latents are carried on along the line through the last two. Lu et al. 2022, algorithm 2.</summary>
internal sealed class Dpmpp2MSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : KDiffusionSampler(sigmas, denoiser, options, OneEach(sigmas))
{
    private const int Before = 1;

    /// <summary>0 denoised, 1 the one before.</summary>
    public override int SlotCount => 2;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        double from = call.Sigma, to = Sigmas[call.Step + 1], kept = to / from;
        if (state.Calls == 0 || to == 0)
        {
            Latents.Combine(latents, kept, latents, 1 - kept, denoised);
        }
        else
        {
            double r = Math.Log(Sigmas[call.Step - 1] / from) / Math.Log(from / to), lead = 1 / (2 * r);
            Latents.Combine(latents, kept, latents, (1 - kept) * (1 + lead), denoised, -(1 - kept) * lead, state.Slot(Before));
        }
        denoised.CopyTo(state.Slot(Before));
    }
}
