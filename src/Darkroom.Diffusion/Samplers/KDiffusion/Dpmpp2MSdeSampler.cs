using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>DPM-Solver++(2M) as a stochastic equation, with noise of one Brownian path.</summary>
internal sealed class Dpmpp2MSdeSampler : KDiffusionSampler
{
    private const int Before = 1, Draw = 2;
    private readonly double eta;
    private readonly bool heun;

    /// <exception cref="ArgumentException">The solver type is unknown.</exception>
    public Dpmpp2MSdeSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
        : base(sigmas, denoiser, options, OneEach(sigmas))
    {
        eta = options.Eta ?? 1;
        heun = options.SolverType switch
        {
            "midpoint" => false,
            "heun" => true,
            var other => throw new ArgumentException($"solver_type '{other}' is unknown; known are midpoint, heun."),
        };
    }

    /// <summary>0 denoised, 1 the one before, 2 draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        double from = call.Sigma, to = Sigmas[call.Step + 1];
        if (to == 0)
        {
            denoised.CopyTo(latents);
        }
        else
        {
            double h = Math.Log(from / to), reach = h + eta * h;
            double gain = -double.ExpM1(-reach);
            double slope = 0;
            if (state.Calls > 0)
            {
                double r = Math.Log(Sigmas[call.Step - 1] / from) / h;
                slope = (heun ? 1 - gain / reach : gain / 2) / r;
            }
            Latents.Combine(latents, to / from * Math.Exp(-eta * h), latents, gain + slope, denoised, -slope, state.Slot(Before));
            if (eta != 0)
                AddIncrement(latents, Options.SNoise * to * Math.Sqrt(-double.ExpM1(-2 * eta * h)), from, to, state.Slot(Draw), noise);
        }
        denoised.CopyTo(state.Slot(Before));
    }
}
