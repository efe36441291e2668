using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Linear multistep (Katherine Crowson): the polynomial through the last slopes over σ, integrated over the step.
/// </summary>
internal sealed class LMSDiscrete : SigmaSpaceSampler
{
    private readonly SlotRing history;
    private readonly double[][] weights;

    public LMSDiscrete(SamplerConfig config, SamplerRun run)
        : this(Schedule(config, run), config, run)
    {
    }

    private LMSDiscrete(SigmaSteps steps, SamplerConfig config, SamplerRun run)
        : base(steps.Timesteps, Array.ConvertAll(steps.Sigmas, s => (double)s), Array.ConvertAll(steps.Sigmas, s => (double)s), steps.Spacing, steps.Count)
    {
        Prediction = ClassOptions.Prediction(config, nameof(LMSDiscrete), PredictionType.Epsilon, PredictionType.V, PredictionType.Sample);
        int order = run.Order ?? 4;
        if (order is < 1 or > 4)
            throw new NotSupportedException($"LMSDiscrete has orders 1 to 4, not {order}.");
        history = new(1, order);
        weights = new double[steps.Count][];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Weights(steps.Sigmas, i, Math.Min(i + 1, order));
    }

    protected override PredictionType Prediction { get; }

    public override int SlotCount => 1 + history.Size;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double sigma = Sigmas[state.Index];
        SigmaSpacePrediction.Denoise(state.Denoised, Prediction, sigma, latents, output);
        int newest = state.Calls;
        Latents.Slope(history.Entry(state, newest), latents, state.Denoised, sigma);
        // A run that begins late has fewer slopes than its weights were made for; diffusers leaves the missing terms out, and so do we.
        double[] w = weights[state.Index];
        for (int i = 0; i < w.Length && i <= newest; i++)
            Latents.Add(latents, w[i], history.Entry(state, newest - i));
        state.Index++;
    }

    /// <summary>∫ of every Lagrange basis polynomial over the step; two Gauss points are exact up to degree 3.</summary>
    private static double[] Weights(float[] sigmas, int index, int order)
    {
        double middle = ((double)sigmas[index] + sigmas[index + 1]) / 2, half = ((double)sigmas[index + 1] - sigmas[index]) / 2;
        double reach = half / Math.Sqrt(3);
        var result = new double[order];
        for (int j = 0; j < order; j++)
            result[j] = half * (Basis(middle - reach, j) + Basis(middle + reach, j));
        return result;

        double Basis(double x, int j)
        {
            double product = 1;
            for (int k = 0; k < order; k++)
                if (k != j)
                    product *= (x - sigmas[index - k]) / ((double)sigmas[index - j] - sigmas[index - k]);
            return product;
        }
    }

    private static SigmaSteps Schedule(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(LMSDiscrete));
        return SigmaSteps.Make(config, run, BetaSchedule.AlphasCumprod(config));
    }
}
