using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>What stands under a mask in the programs that put it back within a call, instead of after it.</summary>
/// <param name="blending">Where.</param>
/// <param name="picture">What stands: the picture's latents. // [C, h, w]</param>
/// <param name="noise">The noise that the run began from. // [C, h, w]</param>
/// <param name="mask">1 where is painted. // [h, w]</param>
/// <param name="shape">Of the latents.</param>
internal sealed class KeptLatents(MaskBlending blending, float[] picture, float[] noise, float[] mask, LatentShape shape)
{
    private readonly float[] shown = new float[blending == MaskBlending.Prediction ? 0 : shape.Length];
    private readonly float[] standing = new float[blending == MaskBlending.InputAndPrediction ? shape.Length : 0];

    /// <summary>What the network is shown of the latents at a point.</summary>
    public float[] Shown(float[] latents, ISampler sampler, SamplerState state, in EvaluationPoint point)
    {
        if (shown.Length == 0) return latents;
        latents.CopyTo(shown, 0);
        var under = picture;
        if (standing.Length > 0)
        {
            picture.CopyTo(standing, 0);
            sampler.AddNoiseAt(point, state, standing, noise);
            under = standing;
        }
        LatentBlend.Apply(shown, under, mask, shape);
        return shown;
    }

    /// <summary>
    /// Changes the network's answer to the one whose denoised prediction is the picture where it stands:
    /// a·x + b·output′ = m·(a·x′ + b·output) + (1 − m)·picture, with the latents x and what the network was shown of them, x′.
    /// </summary>
    public void Keep(Span<float> output, ReadOnlySpan<float> latents, ISampler sampler, SamplerState state, in EvaluationPoint point)
    {
        if (blending == MaskBlending.Input || sampler.DenoisedFrom(point, state) is not { } factors) return;
        float skip = (float)factors.Skip, scale = (float)factors.Out;
        ReadOnlySpan<float> seen = shown.Length > 0 ? shown : latents;
        for (int i = 0, cell = 0; i < output.Length; i++, cell = cell + 1 == mask.Length ? 0 : cell + 1)
        {
            float share = mask[cell];
            if (share == 1) continue;
            output[i] = share * output[i] + (share * skip * seen[i] + (1 - share) * picture[i] - skip * latents[i]) / scale;
        }
    }

    /// <summary>A1111 puts the picture back at the end, too.</summary>
    public void Close(Span<float> latents)
    {
        if (blending != MaskBlending.InputAndPrediction) LatentBlend.Apply(latents, picture, mask, shape);
    }
}
