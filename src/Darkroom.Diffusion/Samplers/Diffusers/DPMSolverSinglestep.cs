using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// diffusers' DPMSolverSinglestepScheduler: DPM++ 2S and 3S and their ε and SDE forms (Lu et al. 2022, "DPM-Solver", algorithms 4 and 5). One
/// step of order k is spread over k calls; the j-th of them starts again from the anchor, the latents of the first, with one model value more.
/// </summary>
internal sealed class DPMSolverSinglestep : ExponentialIntegrator
{
    private static readonly SolverScheduleRules Rules = new() { LambdaClip = true, FinalSigma = true, GivenTimesteps = true };

    private readonly DpmOptions options;
    private readonly int[] orders;     // which call of its step each call is, and so the order it reaches

    private DPMSolverSinglestep(SamplerConfig config, DpmOptions options, SolverSchedule schedule)
        : base(SolverTables.Create(config, schedule), options.Order, options.PredictsNoise)
    {
        this.options = options;
        orders = [.. Enumerable.Range(0, Steps).Select(i => i % options.Order + 1)];
        // The last call stands alone: always before an end without noise, and where asked if the count comes out even.
        if (schedule.EndsAtZero || (options.LowerOrderFinal && Steps % options.Order == 0))
            orders[^1] = 1;
    }

    public static DPMSolverSinglestep Create(SamplerConfig config, SamplerRun run)
    {
        var options = DpmOptions.Read(config, lowerOrderFinal: false);
        if (options.Order > 3)
            throw new NotSupportedException($"solver_order {options.Order} is unknown; known are 1, 2, 3.");
        if (options.Algorithm == DpmAlgorithm.SdeDpmSolver)
            throw new NotSupportedException("algorithm_type 'sde-dpmsolver' is unknown here; known are dpmsolver, dpmsolver++, sde-dpmsolver++.");
        return new(config, options, SolverSchedule.Create(config, run, Rules));
    }

    /// <summary>The anchor, and this call's noise.</summary>
    protected override int OwnSlots => options.DrawsNoise ? 2 : 1;

    protected override void Move(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        int i = state.Index;
        Span<float> anchor = state.Slot(FirstOwnSlot), z = options.DrawsNoise ? state.Slot(FirstOwnSlot + 1) : default;
        if (options.DrawsNoise)
            noise.Normal(z);

        // A run that begins within a step has too few model values for it.
        int order = Math.Min(orders[i], state.Calls + 1);
        if (order == 1)
            latents.CopyTo(anchor);
        NoiseLevel s = At(i - order + 1), t = At(i + 1);
        if (t.Sigma == 0)
        {
            state.Slot(0).CopyTo(latents);
            return;
        }

        var step = DpmStep.Between(options.Algorithm, s, t);
        double h = t.Lambda - s.Lambda;
        Span<float> m0 = Model(state, 0);
        switch (order)
        {
            case 1:
                Latents.Combine(latents, step.Latents, anchor, step.Zeroth, m0);
                break;
            case 2:
            {
                double r0 = (At(i).Lambda - s.Lambda) / h;
                double d1 = (options.Midpoint ? step.FirstMidpoint : step.First) / r0;        // on m0 − m1
                Latents.Combine(latents, step.Latents, anchor, step.Zeroth - d1, Model(state, 1), d1, m0);
                break;
            }
            default:
            {
                double r0 = (At(i).Lambda - s.Lambda) / h, r1 = (At(i - 1).Lambda - s.Lambda) / h;
                double bend = (2 * step.Second - step.First * r1) / (r0 - r1);
                double d0 = (options.Midpoint ? step.First : bend) / r0;                      // on m0 − m2
                double d1 = options.Midpoint ? 0 : (step.First - bend) / r1;                  // on m1 − m2
                Latents.Combine(latents, step.Latents, anchor, step.Zeroth - d0 - d1, Model(state, 2), d0, m0);
                Latents.Add(latents, d1, Model(state, 1));
                break;
            }
        }
        if (options.DrawsNoise)
            Latents.Add(latents, step.Noise, z);
    }
}
