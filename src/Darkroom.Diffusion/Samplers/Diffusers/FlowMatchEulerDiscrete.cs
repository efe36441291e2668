using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Euler's method along a rectified flow; with stochastic sampling every step adds fresh noise to x₀ instead.</summary>
internal sealed class FlowMatchEulerDiscrete : FlowSampler
{
    private readonly bool stochastic;
    private readonly double clean;

    public FlowMatchEulerDiscrete(SamplerConfig config, SamplerRun run)
        : this(FlowSigmas.Make(config, run), config)
    {
    }

    private FlowMatchEulerDiscrete(FlowSigmas schedule, SamplerConfig config)
        : base(schedule.Timesteps, schedule.Sigmas, schedule.Timesteps.Length)
    {
        stochastic = config.StochasticSampling == true;
        // Turned round, the level of clean latents is 1. The stochastic rule of diffusers knows nothing of it.
        clean = config.InvertSigmas == true && !stochastic ? 1 : 0;
    }

    public override int SlotCount => stochastic ? 2 : 1;

    public override (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) => (1, clean - Sigmas[state.Index]);

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double sigma = Sigmas[state.Index], next = Sigmas[state.Index + 1];
        Latents.Combine(state.Denoised, 1, latents, clean - sigma, output);
        if (stochastic)
        {
            noise.Normal(state.Slot(1));
            Latents.Combine(latents, 1 - next, state.Denoised, next, state.Slot(1));
        }
        else
        {
            Latents.Add(latents, next - sigma, output);
        }
        state.Index++;
    }
}
