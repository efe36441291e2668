using System.Numerics;

namespace Darkroom.Diffusion.Guidance;

/// <summary>
/// Several prompts at once (Liu et al. 2022, A1111's <c>AND</c>): uncond + Σ scale · weightₖ · (condₖ − uncond). A negative weight moves away
/// from its prompt.
/// </summary>
public static class ComposedGuidance
{
    /// <summary>
    /// A prompt's factor at most, in either direction: a weight is any number of the prompt language, and one of many digits would leave float32, and half
    /// precision before it. Far below it already nothing but that prompt's direction is left to be seen.
    /// </summary>
    public const double MaxFactor = 1000;

    /// <param name="result">Not <paramref name="uncond"/>, nor any of the conds: each is read while the sum grows.</param>
    /// <param name="uncond">The network's output for the negative prompt.</param>
    /// <param name="conds">Its outputs for the prompts, each of the same length.</param>
    /// <param name="weights">One weight a prompt.</param>
    /// <param name="scale">The guidance scale.</param>
    public static void Apply(
        Span<float> result, ReadOnlySpan<float> uncond, IReadOnlyList<ReadOnlyMemory<float>> conds, IReadOnlyList<double> weights, double scale)
    {
        ArgumentNullException.ThrowIfNull(conds);
        ArgumentNullException.ThrowIfNull(weights);
        if (conds.Count != weights.Count)
            throw new ArgumentException($"{weights.Count} weights for {conds.Count} prompts.", nameof(weights));
        uncond.CopyTo(result);
        for (int k = 0; k < conds.Count; k++)
            Add(result, uncond, conds[k].Span, scale * weights[k]);
    }

    /// <summary>result ← result + factor · (cond − uncond): one prompt's share.</summary>
    /// <param name="factor">Scale times weight; beyond <see cref="MaxFactor"/> that one is taken.</param>
    public static void Add(Span<float> result, ReadOnlySpan<float> uncond, ReadOnlySpan<float> cond, double factor)
    {
        if (uncond.Length != result.Length || cond.Length != result.Length)
            throw new ArgumentException($"Outputs of {uncond.Length} and {cond.Length} values for {result.Length}.");
        float share = (float)Math.Clamp(factor, -MaxFactor, MaxFactor);
        int i = 0, width = Vector<float>.Count;
        for (; i <= result.Length - width; i += width)
        {
            var difference = new Vector<float>(cond[i..]) - new Vector<float>(uncond[i..]);
            (new Vector<float>(result[i..]) + difference * share).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
            result[i] += (cond[i] - uncond[i]) * share;
    }
}
