using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Consistency sampling of a distilled flow model: x₀ is noised anew to the next level. The last step draws too, with factor 0.</summary>
internal sealed class FlowMatchLCM : FlowSampler
{
    public FlowMatchLCM(SamplerConfig config, SamplerRun run)
        : this(FlowSigmas.Make(config, run))
    {
    }

    private FlowMatchLCM(FlowSigmas schedule)
        : base(schedule.Timesteps, schedule.Sigmas, schedule.Timesteps.Length)
    {
    }

    public override int SlotCount => 2;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double sigma = Sigmas[state.Index], next = Sigmas[state.Index + 1];
        Latents.Combine(state.Denoised, 1, latents, -sigma, output);
        noise.Normal(state.Slot(1));
        Latents.Combine(latents, 1 - next, state.Denoised, next, state.Slot(1));
        state.Index++;
    }
}
