using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// diffusers' DEISMultistepScheduler, order 1 to 3 (Zhang and Chen 2022, "Fast Sampling of Diffusion Models with Exponential Integrator"): with
/// ρ = σ/α the ODE is d(x/α) = ε dρ; ε is interpolated over ln ρ through the past calls and integrated exactly.
/// </summary>
internal sealed class DEISMultistep : ExponentialIntegrator
{
    private static readonly SolverScheduleRules Rules = new() { Spacing = true, RepeatsLowest = true };

    /// <summary>Below this many steps diffusers lowers the order at the end.</summary>
    private const int FewSteps = 15;

    private readonly int maxOrder;
    private readonly bool lowerOrderFinal;

    private DEISMultistep(SamplerConfig config, int order, SolverSchedule schedule)
        : base(SolverTables.Create(config, schedule), order, predictsNoise: true)
    {
        maxOrder = order;
        lowerOrderFinal = config.LowerOrderFinal ?? true;
    }

    public static DEISMultistep Create(SamplerConfig config, SamplerRun run)
    {
        // Names of DPM-Solver's and UniPC's types stand in configurations written for those; there is but one kind here.
        if (config.AlgorithmType is not (null or "deis" or "dpmsolver" or "dpmsolver++"))
            throw new NotSupportedException($"algorithm_type '{config.AlgorithmType}' is unknown; known is deis.");
        if (config.SolverType is not (null or "logrho" or "midpoint" or "heun" or "bh1" or "bh2"))
            throw new NotSupportedException($"solver_type '{config.SolverType}' is unknown; known is logrho.");
        return new(config, Math.Clamp(config.SolverOrder ?? 2, 1, 3), SolverSchedule.Create(config, run, Rules));
    }

    protected override int OwnSlots => 0;

    protected override void Move(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        int i = state.Index, order = OrderOf(i, state.Calls);
        Span<double> nodes = stackalloc double[order], weights = stackalloc double[order];
        for (int j = 0; j < order; j++)
            nodes[j] = -At(i - j).Lambda;                                                  // ln ρ
        LagrangeIntegral.Weights(weights, nodes, -At(i).Lambda, -At(i + 1).Lambda, rate: 1);

        double alpha = At(i + 1).Alpha;
        Latents.Scale(latents, alpha / At(i).Alpha);
        for (int j = 0; j < order; j++)
            Latents.Add(latents, alpha * weights[j], Model(state, j));
    }

    private int OrderOf(int index, int calls)
    {
        int order = Math.Min(maxOrder, calls + 1);
        return lowerOrderFinal && Steps < FewSteps ? Math.Min(order, Steps - index) : order;
    }
}
