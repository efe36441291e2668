using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>Sines and cosines of a number at frequencies from 1 down to 1 / 10000, and the two layers that most networks put behind them.</summary>
/// <param name="Width">How many features; even.</param>
/// <param name="CosineFirst">Whether the cosines stand before the sines.</param>
/// <param name="FrequencyShift">Taken off the number of frequencies, where their exponents are divided by it.</param>
/// <remarks>Vaswani and others, Attention is all you need, 3.5, in the form of Ho and others, Denoising diffusion probabilistic models.</remarks>
internal sealed record TimestepEmbedding(int Width, bool CosineFirst = true, float FrequencyShift = 0)
{
    private const double MaxPeriod = 10000;

    /// <param name="numbers">float32, [n].</param>
    /// <returns>[n, Width], in the type that is computed with.</returns>
    public GraphValue Waves(GraphValue numbers)
    {
        int half = Width / 2;
        // In float32 step by step, as the networks were trained with: at 1000 the last digit of a frequency shows in the fourth of its sine.
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++)
        {
            float exponent = (float)-Math.Log(MaxPeriod) * i / (half - FrequencyShift);
            frequencies[i] = (float)Math.Exp(exponent);
        }
        var graph = numbers.Graph;
        var angles = numbers.Unsqueeze(1) * graph.Numbers([1, half], frequencies, single: true); // [n, Width / 2]
        var (sine, cosine) = (angles.Apply("Sin"), angles.Apply("Cos"));
        return graph.Computable(graph.Concat(1, Width, CosineFirst ? [cosine, sine] : [sine, cosine]));
    }

    /// <summary>The two layers: <c>linear_1</c>, SiLU, <c>linear_2</c>.</summary>
    public static GraphValue Layers(Module module, GraphValue features, int width) =>
        module["linear_2"].Linear(module["linear_1"].Linear(features, width).Silu(), width);
}
