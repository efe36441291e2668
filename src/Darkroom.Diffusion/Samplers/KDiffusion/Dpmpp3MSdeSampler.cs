using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>DPM-Solver++(3M) as a stochastic equation: a parabola through the last three denoised latents, noise of one Brownian path.</summary>
internal sealed class Dpmpp3MSdeSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : KDiffusionSampler(sigmas, denoiser, options, OneEach(sigmas))
{
    private const int Before = 1, Earlier = 2, Draw = 3;
    private readonly double eta = options.Eta ?? 1;

    /// <summary>0 denoised, 1 and 2 the two before, 3 draw.</summary>
    public override int SlotCount => 4;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        double from = call.Sigma, to = Sigmas[call.Step + 1];
        if (to == 0)
        {
            denoised.CopyTo(latents);
        }
        else
        {
            double h = Math.Log(from / to), reach = h * (eta + 1);
            double gain = -double.ExpM1(-reach);
            var (newest, middle, oldest) = Slopes(state.Calls, call.Step, h, reach);
            Latents.Combine(latents, Math.Exp(-reach), latents, gain + newest, denoised, middle, state.Slot(Before));
            if (oldest != 0) Latents.Add(latents, oldest, state.Slot(Earlier));
            if (eta != 0)
                AddIncrement(latents, Options.SNoise * to * Math.Sqrt(-double.ExpM1(-2 * eta * h)), from, to, state.Slot(Draw), noise);
        }
        state.Slot(Before).CopyTo(state.Slot(Earlier));
        denoised.CopyTo(state.Slot(Before));
    }

    /// <summary>Weights of the last three denoised latents in φ₂·D′ − φ₃·D″, with as many as there are.</summary>
    private (double Newest, double Middle, double Oldest) Slopes(int calls, int step, double h, double reach)
    {
        if (calls == 0) return (0, 0, 0);
        double phi2 = double.ExpM1(-reach) / reach + 1;
        double r0 = Math.Log(Sigmas[step - 1] / Sigmas[step]) / h;
        if (calls == 1) return (phi2 / r0, -phi2 / r0, 0);
        double phi3 = phi2 / reach - 0.5;
        double r1 = Math.Log(Sigmas[step - 2] / Sigmas[step - 1]) / h;
        // D′ = near + (near − far)·r0/(r0 + r1) and D″ = (near − far)/(r0 + r1), of the two latest differences.
        double near = phi2 + (phi2 * r0 - phi3) / (r0 + r1), far = (phi3 - phi2 * r0) / (r0 + r1);
        return (near / r0, far / r1 - near / r0, -far / r1);
    }
}
