using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// diffusers' SASolverScheduler (Xue et al. 2023, "SA-Solver"): a stochastic Adams-Bashforth predictor and Adams-Moulton corrector of the
/// diffusion SDE whose noise is scaled by τ; both move from one level to the next with the model value interpolated over λ.
/// </summary>
internal sealed class SASolver : ExponentialIntegrator
{
    private static readonly SolverScheduleRules Rules = new() { Spacing = true, LambdaClip = true, RepeatsLowest = true };

    private readonly int predictorOrder;
    private readonly int correctorOrder;
    private readonly bool predictX0;
    private readonly bool lowerOrderFinal;
    private readonly float[] alphasCumprod;

    private SASolver(SamplerConfig config, SolverSchedule schedule, int predictorOrder, int correctorOrder, bool predictX0)
        : base(SolverTables.Create(config, schedule), Math.Max(predictorOrder, correctorOrder), predictsNoise: !predictX0)
    {
        this.predictorOrder = predictorOrder;
        this.correctorOrder = correctorOrder;
        this.predictX0 = predictX0;
        lowerOrderFinal = config.LowerOrderFinal ?? true;
        alphasCumprod = schedule.AlphasCumprod;
    }

    public static SASolver Create(SamplerConfig config, SamplerRun run)
    {
        bool predictX0 = config.AlgorithmType switch
        {
            null or "data_prediction" => true,
            "noise_prediction" => false,
            var other => throw new NotSupportedException($"algorithm_type '{other}' is unknown; known are data_prediction, noise_prediction."),
        };
        int predictor = config.PredictorOrder ?? 2, corrector = config.CorrectorOrder ?? 2;
        if (predictor is < 1 or > 4)
            throw new NotSupportedException($"predictor_order {predictor} is unknown; known are 1 to 4.");
        if (corrector is < 1 or > 4)
            throw new NotSupportedException($"corrector_order {corrector} is unknown; known are 1 to 4.");
        return new(config, SolverSchedule.Create(config, run, Rules), predictor, corrector, predictX0);
    }

    /// <summary>The latents that the last prediction started from, and its noise.</summary>
    protected override int OwnSlots => 2;

    /// <summary>By the timestep's own ᾱ, which differs from the level where the timestep was rounded.</summary>
    public override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index)
    {
        if (index == Steps)
        {
            base.AddNoise(latents, noise, index);
            return;
        }
        double bar = alphasCumprod[(int)Math.Clamp(Timesteps[index], 0, alphasCumprod.Length - 1)];
        Latents.Combine(latents, Math.Sqrt(bar), latents, Math.Sqrt(1 - bar), noise);
    }

    protected override void Move(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        int i = state.Index, left = lowerOrderFinal ? Steps - i : int.MaxValue - 2;
        Span<float> start = state.Slot(FirstOwnSlot), z = state.Slot(FirstOwnSlot + 1);
        if (state.Calls > 0)
            Adams(state, latents, start, z, i - 1, Math.Min(Math.Min(correctorOrder, state.Calls + 1), left + 2));
        latents.CopyTo(start);
        noise.Normal(z);
        Adams(state, latents, start, z, i, Math.Min(Math.Min(predictorOrder, state.Calls + 1), left));
    }

    /// <summary>diffusers' default τ(t): noise only in the middle of the schedule.</summary>
    private static double Tau(double timestep) => timestep is >= 200 and <= 800 ? 1 : 0;

    /// <summary>From level s to the next through this call's model value and order − 1 before it.</summary>
    private void Adams(SamplerState state, Span<float> result, ReadOnlySpan<float> start, ReadOnlySpan<float> z, int s, int order)
    {
        NoiseLevel from = At(s), to = At(s + 1);
        double tau = Tau(Timesteps[s]), h = to.Lambda - from.Lambda, rate = 1 + tau * tau;
        Span<double> nodes = stackalloc double[order], weights = stackalloc double[order];
        for (int j = 0; j < order; j++)
            nodes[j] = At(state.Index - j).Lambda;
        LagrangeIntegral.Weights(weights, nodes, from.Lambda, to.Lambda, predictX0 ? rate : -1);
        if (predictX0 && order == 2)
        {
            // The authors' change of O(h³) for few steps: like UniPC's, the linear term is taken by the midpoint rule.
            double exact = (h * rate - 1 + Math.Exp(-rate * h)) / (rate * rate);
            double change = Math.Exp(rate * to.Lambda) * (h * h / 2 - exact) / (nodes[0] - nodes[1]);
            weights[0] += change;
            weights[1] -= change;
        }

        double scale = predictX0 ? rate * to.Sigma * Math.Exp(-tau * tau * to.Lambda) : -rate * to.Alpha;
        double keep = predictX0 ? Math.Exp(-tau * tau * h) * to.Sigma / from.Sigma : to.Alpha / from.Alpha;
        double spread = predictX0 ? Math.Sqrt(1 - Math.Exp(-2 * tau * tau * h)) : tau * Math.Sqrt(Math.Exp(2 * h) - 1);
        Latents.Combine(result, keep, start, to.Sigma * spread, z);
        for (int j = 0; j < order; j++)
            Latents.Add(result, scale * weights[j], Model(state, j));
    }
}
