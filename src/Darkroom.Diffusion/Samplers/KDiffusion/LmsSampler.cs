using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// Linear multistep (Adams-Bashforth on uneven steps): the last slopes are joined by a polynomial in σ, which is integrated over the step.
/// </summary>
internal sealed class LmsSampler : KDiffusionSampler
{
    private readonly int order;
    private readonly double[][][] weights;

    public LmsSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
        : base(sigmas, denoiser, options, OneEach(sigmas))
    {
        order = options.Order ?? 4;
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        weights = new double[Steps][][];
        for (int i = 0; i < Steps; i++)
        {
            weights[i] = new double[Math.Min(i + 1, order)][];
            for (int used = 1; used <= weights[i].Length; used++)
                weights[i][used - 1] = LinearMultistep.Weights(sigmas, i, used);
        }
    }

    /// <summary>0 denoised, then a ring of slopes.</summary>
    public override int SlotCount => 1 + order;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        Latents.Combine(Slope(state, 0), 1 / call.Sigma, latents, -1 / call.Sigma, denoised);
        double[] of = weights[call.Step][Math.Min(state.Calls + 1, order) - 1];
        for (int back = 0; back < of.Length; back++)
            Latents.Add(latents, of[back], Slope(state, back));
    }

    private Span<float> Slope(SamplerState state, int back) => state.Slot(1 + (state.Calls - back) % order);
}
