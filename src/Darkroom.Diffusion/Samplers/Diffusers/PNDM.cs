using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Pseudo numerical methods for diffusion models (Liu et al. 2022): Runge–Kutta steps of four calls to begin with, or, when they are skipped, one
/// step done twice (PLMS); then linear multistep. What a call does depends on how many calls this run has made, not on its timestep, so a run
/// that begins late redoes its first step at a timestep that is no repeat, and with Runge–Kutta begins with these, both as in diffusers.
/// </summary>
internal sealed class PNDM : VariancePreservingSampler
{
    private const int Slope = 1, Origin = 2, Sum = 3;

    private static readonly SlotRing History = new(4, 4);

    /// <summary>Runge–Kutta's weights of the four slopes of a step.</summary>
    private static readonly double[] RungeKutta = [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6];

    private readonly PNDMSteps steps;
    private readonly double finalBar;

    public PNDM(SamplerConfig config, SamplerRun run)
        : this(PNDMSteps.Make(config, run), config, run)
    {
    }

    private PNDM(PNDMSteps steps, SamplerConfig config, SamplerRun run)
        : this(steps, config, run, BetaSchedule.AlphasCumprod(config))
    {
    }

    private PNDM(PNDMSteps steps, SamplerConfig config, SamplerRun run, float[] alphas)
        : base(steps.Timesteps, run.Steps, alphas, ClassOptions.Prediction(config, nameof(PNDM), PredictionType.Epsilon, PredictionType.V))
    {
        this.steps = steps;
        finalBar = config.SetAlphaToOne == true ? 1 : alphas[0];
    }

    public override int SlotCount => History.First + History.Size;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        VariancePreservingPrediction.Denoise(state.Denoised, Prediction, AlphaBar(state.Index), latents, output);
        if (state.Calls < steps.RungeKuttaCalls)
            AdvanceRungeKutta(state, output, latents);
        else
            AdvanceMultistep(state, output, latents);
        state.Index++;
    }

    protected override int StepOf(int index) => steps.StepOf(index);

    private void AdvanceRungeKutta(SamplerState state, ReadOnlySpan<float> output, Span<float> latents)
    {
        int call = state.Calls, stage = call % 4;
        double from = steps.Timesteps[call - stage];
        double to = Timesteps[state.Index] - (call % 2 == 0 ? steps.Ratio / 2 : 0);
        var sum = state.Slot(Sum);
        if (stage == 0)
        {
            output.CopyTo(History.Entry(state, call / 4));
            latents.CopyTo(state.Slot(Origin));
            sum.Clear();
        }
        Latents.Add(sum, RungeKutta[stage], output);
        Transfer(latents, state.Slot(Origin), from, to, stage == 3 ? sum : output);
    }

    private void AdvanceMultistep(SamplerState state, ReadOnlySpan<float> output, Span<float> latents)
    {
        int call = state.Calls;
        double from = Timesteps[state.Index], to = from - steps.Ratio;
        var slope = state.Slot(Slope);
        if (call == 1)
        {
            // The first step again, with the mean of its slope and the one just found at its end.
            Latents.Combine(slope, 0.5, output, 0.5, History.Entry(state, 0));
            Transfer(latents, state.Slot(Origin), from + steps.Ratio, from, slope);
            return;
        }
        // The redone step left no slope of its own; each Runge–Kutta step left one for its four calls.
        int newest = steps.RungeKuttaCalls > 0 ? steps.RungeKuttaCalls / 4 + call - steps.RungeKuttaCalls : Math.Max(0, call - 1);
        output.CopyTo(History.Entry(state, newest));
        if (call == 0)
            latents.CopyTo(state.Slot(Origin));
        AdamsBashforth.Slope(slope, state, History, newest);
        Transfer(latents, latents, from, to, slope);
    }

    /// <summary>Equation 11 of the paper: x at another timestep along the noise that the slope names.</summary>
    private void Transfer(Span<float> result, ReadOnlySpan<float> x, double from, double to, ReadOnlySpan<float> slope)
    {
        double bar = AlphaBarAt(from, finalBar), next = AlphaBarAt(to, finalBar);
        double onX = Math.Sqrt(next / bar);
        double onNoise = -(next - bar) / (bar * Math.Sqrt(1 - next) + Math.Sqrt(bar * (1 - bar) * next));
        if (Prediction == PredictionType.V)
        {
            // ε = √ᾱ·v + √(1 − ᾱ)·x, of the slope as a whole.
            onX += onNoise * Math.Sqrt(1 - bar);
            onNoise *= Math.Sqrt(bar);
        }
        Latents.Combine(result, onX, x, onNoise, slope);
    }
}
