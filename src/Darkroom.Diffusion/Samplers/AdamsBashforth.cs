using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers;

/// <summary>The explicit linear multistep rule of orders 1…4 for equal steps: a slope from the last slopes, newest first.</summary>
internal static class AdamsBashforth
{
    private static readonly double[][] Weights =
    [
        [1],
        [3.0 / 2, -1.0 / 2],
        [23.0 / 12, -16.0 / 12, 5.0 / 12],
        [55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24],
    ];

    /// <summary>slope ← Σ weightᵢ · entry(newest − i), over the last four entries or as many as there are.</summary>
    public static void Slope(Span<float> slope, SamplerState state, SlotRing history, int newest)
    {
        double[] weights = Weights[Math.Min(newest, Weights.Length - 1)];
        Latents.Scale(slope, weights[0], history.Entry(state, newest));
        for (int i = 1; i < weights.Length; i++)
            Latents.Add(slope, weights[i], history.Entry(state, newest - i));
    }
}
