using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// DPM-Solver++ (stochastic), k-diffusion's DPM++ SDE: both halves of a step start at its origin, go below their end and take Brownian noise up.
/// </summary>
internal sealed class DPMSolverSDE : SecondOrderSampler
{
    private const int Noise = 2;

    private readonly double noiseScale;

    public DPMSolverSDE(SamplerConfig config, SamplerRun run)
        : this(Schedule(config, run), config, run)
    {
    }

    private DPMSolverSDE(SigmaSteps steps, SamplerConfig config, SamplerRun run)
        : base(steps, TrialTimesteps(steps), Middles(steps))
    {
        Prediction = ClassOptions.Prediction(config, nameof(DPMSolverSDE), PredictionType.Epsilon, PredictionType.V);
        noiseScale = run.SNoise ?? 1;
    }

    protected override PredictionType Prediction { get; }

    public override int SlotCount => 3;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var (from, to) = Ends(state.Index);
        SigmaSpacePrediction.Denoise(state.Denoised, Prediction, Level(state.Index), latents, output);
        if (to == 0)
        {
            Latents.Move(latents, from, 0, state.Denoised);
        }
        else if (IsFirst(state.Index))
        {
            latents.CopyTo(state.Slot(Origin));
            Half(state, latents, from, Level(state.Index + 1), noise);
        }
        else
        {
            state.Slot(Origin).CopyTo(latents);
            Half(state, latents, from, ThroughLog(to), noise);
        }
        state.Index++;
    }

    private void Half(SamplerState state, Span<float> latents, double from, double to, INoiseSource noise)
    {
        // A Brownian tree is sensitive to the last bit of the levels, so they make diffusers' detour over log and exp in float32.
        from = ThroughLog(from);
        // x ← (σ_down/σ)·x + (1 − σ_down/σ)·x₀ + σ_up·z
        var (down, up) = AncestralLevels.Split(from, to);
        Latents.Combine(latents, down / from, latents, 1 - down / from, state.Denoised);
        noise.Increment(from, to, state.Slot(Noise));
        Latents.Add(latents, up * noiseScale, state.Slot(Noise));
    }

    private static double ThroughLog(double sigma) => MathF.Exp(MathF.Log((float)sigma));

    /// <summary>The level half way in log σ, in float32.</summary>
    private static double[] Middles(SigmaSteps steps)
    {
        var result = new double[steps.Count - 1];
        for (int i = 0; i < result.Length; i++)
        {
            float t = -MathF.Log(steps.Sigmas[i]), next = -MathF.Log(steps.Sigmas[i + 1]);
            result[i] = MathF.Exp(-(t + (next - t) * 0.5f));
        }
        return result;
    }

    private static double[] TrialTimesteps(SigmaSteps steps)
    {
        var result = new double[steps.Count - 1];
        for (int i = 0; i < result.Length; i++)
            result[i] = steps.Table.TimestepOf(Math.Sqrt((double)steps.Sigmas[i] * steps.Sigmas[i + 1]));
        return result;
    }

    private static SigmaSteps Schedule(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(DPMSolverSDE));
        config = ClassOptions.StableDiffusionBetas(config);
        return SigmaSteps.Make(config, run, BetaSchedule.AlphasCumprod(config), single: false);
    }
}
