using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Multistep DPM-Solver of order 1 to 3: the derivatives of the model value come from the calls before (Lu et al. 2022, "DPM-Solver++",
/// algorithm 2, and for the third order the official code). diffusers' DPMSolverMultistep, EDMDPMSolverMultistep and CosineDPMSolverMultistep
/// are this rule on different levels.
/// </summary>
internal abstract class DpmMultistep(SolverTables tables, DpmOptions options, bool endsAtZero)
    : ExponentialIntegrator(tables, Math.Min(options.Order, 3), options.PredictsNoise)
{
    /// <summary>Below this many steps diffusers lowers the order at the end.</summary>
    private const int FewSteps = 15;

    protected override int OwnSlots => options.DrawsNoise ? 1 : 0;

    /// <summary>This step's noise.</summary>
    protected virtual void Draw(int index, Span<float> z, INoiseSource noise) => noise.Normal(z);

    protected override void Move(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        int i = state.Index;
        Span<float> z = [];
        if (options.DrawsNoise)
            Draw(i, z = state.Slot(FirstOwnSlot), noise);
        if (At(i + 1).Sigma == 0)
        {
            state.Slot(0).CopyTo(latents);
            return;
        }

        var step = DpmStep.Between(options.Algorithm, At(i), At(i + 1));
        double h = At(i + 1).Lambda - At(i).Lambda;
        Span<float> m0 = Model(state, 0);
        switch (OrderOf(i, state.Calls))
        {
            case 1:
                Latents.Combine(latents, step.Latents, latents, step.Zeroth, m0);
                break;
            case 2:
            {
                double r0 = (At(i).Lambda - At(i - 1).Lambda) / h;
                double d1 = (options.Midpoint ? step.FirstMidpoint : step.First) / r0;        // on m0 − m1
                Latents.Combine(latents, step.Latents, latents, step.Zeroth + d1, m0, -d1, Model(state, 1));
                break;
            }
            default:
            {
                double r0 = (At(i).Lambda - At(i - 1).Lambda) / h, r1 = (At(i - 1).Lambda - At(i - 2).Lambda) / h;
                // The official code's D2 is half the second derivative that a quadratic has; every third-order DPM++ keeps it so.
                double bend = (step.First * r0 + step.Second) / (r0 + r1);                    // on D1_0 − D1_1
                double d10 = (step.First + bend) / r0, d11 = -bend / r1;                      // on m0 − m1, on m1 − m2
                Latents.Combine(latents, step.Latents, latents, step.Zeroth + d10, m0, d11 - d10, Model(state, 1));
                Latents.Add(latents, -d11, Model(state, 2));
                break;
            }
        }
        if (options.DrawsNoise)
            Latents.Add(latents, step.Noise, z);
    }

    private int OrderOf(int index, int calls)
    {
        bool few = options.LowerOrderFinal && Steps < FewSteps;
        if (index == Steps - 1 && (few || options.EulerAtFinal || endsAtZero)) return 1;
        int order = Math.Min(Math.Min(options.Order, 3), calls + 1);
        return index == Steps - 2 && few ? Math.Min(order, 2) : order;
    }
}
