using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Heun's method along a rectified flow, with optional churn. Call 2k is the first of step k; the last step has the first call only.
/// A run must begin at an even index.
/// </summary>
internal sealed class FlowMatchHeunDiscrete : FlowSampler
{
    private const int Origin = 1, Slope = 2, Noise = 3;

    private readonly double[] sigmas;
    private readonly Churn churn;

    public FlowMatchHeunDiscrete(SamplerConfig config, SamplerRun run)
        : this(Schedule(config, run), run)
    {
    }

    private FlowMatchHeunDiscrete(FlowSigmas schedule, SamplerRun run)
        : base([schedule.Timesteps[0], .. Twice(schedule.Timesteps[1..])], Doubled(schedule.Sigmas), schedule.Timesteps.Length)
    {
        sigmas = schedule.Sigmas;
        churn = new(run, Sigmas.Count - 1);
    }

    public override int CallsPerStep => 2;

    public override int SlotCount => churn.Any ? 4 : 3;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        int step = state.Index / 2;
        double from = sigmas[step], to = sigmas[step + 1];
        double hat = churn.Raise(from);
        if (hat > from)
        {
            noise.Normal(state.Slot(Noise));
            Latents.Add(latents, churn.NoiseFactor(from, hat), state.Slot(Noise));
        }
        Latents.Combine(state.Denoised, 1, latents, -Level(state.Index), output);
        if (state.Index % 2 == 0)
        {
            latents.CopyTo(state.Slot(Origin));
            Latents.Slope(state.Slot(Slope), latents, state.Denoised, hat);
            Latents.Add(latents, to - hat, state.Slot(Slope));
        }
        else
        {
            // The noise just added to the trial point goes with it: diffusers draws here and uses nothing of the draw but x₀.
            double half = (to - hat) / 2;
            Latents.Slope(latents, latents, state.Denoised, to);
            Latents.Combine(latents, 1, state.Slot(Origin), half, state.Slot(Slope), half, latents);
        }
        state.Index++;
    }

    private static FlowSigmas Schedule(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(FlowMatchHeunDiscrete));
        return FlowSigmas.Make(new SamplerConfig { NumTrainTimesteps = config.NumTrainTimesteps, Shift = config.Shift }, run);
    }

    private static double[] Doubled(double[] sigmas) => [sigmas[0], .. Twice(sigmas[1..^1]), sigmas[^1]];

    private static IEnumerable<double> Twice(double[] values) => values.SelectMany(v => new[] { v, v });
}
