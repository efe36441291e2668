using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Euler's method for networks with EDM preconditioning: the network sees c_in·x at time ln(σ)/4, and x₀ = c_skip·x + c_out·output
/// (Karras et al. 2022, table 1, with σ_data).
/// </summary>
internal sealed class EDMEuler : TableSampler
{
    private readonly double variance;
    private readonly double outSign;
    private readonly Churn churn;

    public EDMEuler(SamplerConfig config, SamplerRun run)
        : this(Levels(config, run), config, run)
    {
    }

    private EDMEuler(double[] sigmas, SamplerConfig config, SamplerRun run)
        : base([.. sigmas.SkipLast(1).Select(s => (double)(0.25f * MathF.Log((float)s)))], sigmas, sigmas.Length - 1)
    {
        double data = config.SigmaData ?? 0.5, max = config.SigmaMax ?? 80;
        variance = data * data;
        outSign = ClassOptions.Prediction(config, nameof(EDMEuler), PredictionType.Epsilon, PredictionType.V) == PredictionType.V ? -1 : 1;
        churn = new(run, sigmas.Length - 1);
        InitialScale = Math.Sqrt(max * max + 1);
    }

    public override double InitialScale { get; }

    public override int SlotCount => churn.Any ? 2 : 1;

    public override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index) => Latents.Add(latents, Sigmas[index], noise);

    public override (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state)
    {
        double sigma = Sigmas[state.Index], total = sigma * sigma + variance;
        return (variance / total, outSign * sigma * Math.Sqrt(variance / total));
    }

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double sigma = Sigmas[state.Index], next = Sigmas[state.Index + 1];
        double hat = churn.Raise(sigma);
        if (hat > sigma)
        {
            noise.Normal(state.Slot(1));
            Latents.Add(latents, churn.NoiseFactor(sigma, hat), state.Slot(1));
        }
        // x₀ = c_skip·x + c_out·output, with c_skip = s²/(σ² + s²) and c_out = σ·s/√(σ² + s²), s = σ_data.
        double total = hat * hat + variance;
        Latents.Combine(state.Denoised, variance / total, latents, outSign * hat * Math.Sqrt(variance / total), output);
        Latents.Move(latents, hat, next, state.Denoised);
        state.Index++;
    }

    protected override double InputScale(int index) => 1 / Math.Sqrt(Sigmas[index] * Sigmas[index] + variance);

    protected override double Level(int index) => Sigmas[index];

    private static double[] Levels(SamplerConfig config, SamplerRun run)
    {
        // diffusers reads custom sigmas as places on the ramp, not as levels: nothing that a caller could mean.
        ClassOptions.NoCustom(run, nameof(EDMEuler));
        double min = config.SigmaMin ?? 0.002, max = config.SigmaMax ?? 80;
        // In double, as this class alone works them out.
        double[] levels = config.SigmaSchedule switch
        {
            null or "karras" => SigmaRules.Karras(run.Steps, min, max, config.Rho ?? 7),
            // Laid out upwards and turned round: one step alone is the smallest level.
            "exponential" => run.Steps == 1 ? [min] : SigmaRules.Exponential(run.Steps, min, max),
            var other => throw new NotSupportedException($"sigma_schedule '{other}' is unknown; known are karras, exponential."),
        };
        double last = config.FinalSigmasType switch
        {
            null or "zero" => 0,
            "sigma_min" => levels[^1],
            var other => throw new NotSupportedException($"final_sigmas_type '{other}' is unknown; known are zero, sigma_min."),
        };
        return Array.ConvertAll([.. levels, last], s => (double)(float)s);
    }
}
