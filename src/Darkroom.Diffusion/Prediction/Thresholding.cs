using System.Numerics.Tensors;

namespace Darkroom.Diffusion.Prediction;

/// <summary>
/// Keeps a denoised prediction in range: by a fixed clip, or by dynamic thresholding (Saharia et al. 2022, Imagen, section 2.3), which takes the
/// clip from the picture's own quantile and divides by it. One row is one picture.
/// </summary>
/// <param name="Dynamic">Whether thresholding is dynamic; it goes before the clip, as in diffusers.</param>
/// <param name="Ratio">The quantile of |x₀|, 0…1.</param>
/// <param name="MaxValue">The clip is never above this, and otherwise not below 1.</param>
/// <param name="ClipRange">The fixed clip to [−range, range]; null for none.</param>
public sealed record Thresholding(bool Dynamic, double Ratio, double MaxValue, double? ClipRange)
{
    public static Thresholding None { get; } = new(false, 0, 0, null);

    /// <summary>Restricts <paramref name="denoised"/> in place.</summary>
    public void Apply(Span<float> denoised)
    {
        if (Dynamic)
        {
            // Not Math.Clamp: where the maximum is below 1 torch takes the maximum.
            float limit = Math.Min(Math.Max(Quantile(denoised, (float)Ratio), 1f), (float)MaxValue);
            TensorPrimitives.Clamp<float>(denoised, -limit, limit, denoised);
            TensorPrimitives.Divide(denoised, limit, denoised);
        }
        else if (ClipRange is { } range)
        {
            TensorPrimitives.Clamp<float>(denoised, (float)-range, (float)range, denoised);
        }
    }

    /// <summary>torch.quantile of |values| with linear interpolation; the place is worked out in float32 as torch does.</summary>
    private static float Quantile(ReadOnlySpan<float> values, float ratio)
    {
        float[] sorted = System.Buffers.ArrayPool<float>.Shared.Rent(values.Length);
        try
        {
            var all = sorted.AsSpan(0, values.Length);
            TensorPrimitives.Abs(values, all);
            all.Sort();
            float place = ratio * (all.Length - 1);
            int below = (int)place, above = Math.Min(below + 1, all.Length - 1);
            return all[below] + (all[above] - all[below]) * (place - below);
        }
        finally
        {
            System.Buffers.ArrayPool<float>.Shared.Return(sorted);
        }
    }
}
