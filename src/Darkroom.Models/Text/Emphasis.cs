using System.Numerics.Tensors;

namespace Darkroom.Models.Text;

/// <summary>How weights change what a text encoder made.</summary>
public enum EmphasisRule
{
    /// <summary>The chunk keeps its mean: it is scaled by the mean before over the mean after. What A1111 is set to when it is installed.</summary>
    Original,

    /// <summary>The weights alone: "No norm" in A1111.</summary>
    NoNorm,
}

/// <summary>Attention weights by A1111's rule, where every token's hidden state is multiplied by the token's weight, and by ComfyUI's.</summary>
public static class Emphasis
{
    /// <param name="states">One chunk's hidden states, changed in place. // [S, D]</param>
    /// <param name="weights">One weight a token; empty: nothing changes. // [S]</param>
    /// <param name="rule">What becomes of the mean.</param>
    public static void Apply(Span<float> states, ReadOnlySpan<float> weights, EmphasisRule rule = EmphasisRule.Original)
    {
        if (weights.IsEmpty) return;
        int width = states.Length / weights.Length;
        if (width * weights.Length != states.Length) throw new ArgumentException($"{states.Length} values for {weights.Length} tokens.", nameof(states));
        double before = 0, after = 0;
        for (int token = 0; token < weights.Length; token++)
        {
            var state = states.Slice(token * width, width); // [D]
            double sum = TensorPrimitives.Sum<float>(state);
            before += sum;
            after += sum * weights[token];
            if (weights[token] != 1) TensorPrimitives.Multiply(state, weights[token], state);
        }
        if (rule == EmphasisRule.NoNorm) return;
        float scale = (float)(before / after);
        // A mean of exactly zero cannot be scaled to another one.
        if (float.IsFinite(scale) && scale != 1) TensorPrimitives.Multiply(states, scale, states);
    }

    /// <summary>ComfyUI's rule: every token's hidden state becomes e + w·(s − e), with the state e that the empty text has at its place.</summary>
    /// <param name="states">One chunk's hidden states s, changed in place. // [S, D]</param>
    /// <param name="neutral">Those of the empty text. // [S, D]</param>
    /// <param name="weights">One weight w a token; empty: nothing changes. // [S]</param>
    public static void TurnAway(Span<float> states, ReadOnlySpan<float> neutral, ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty) return;
        if (neutral.Length != states.Length) throw new ArgumentException($"{states.Length} values, and {neutral.Length} of the empty text.", nameof(neutral));
        int width = states.Length / weights.Length;
        for (int token = 0; token < weights.Length; token++)
        {
            if (weights[token] == 1) continue;
            var state = states.Slice(token * width, width);
            var empty = neutral.Slice(token * width, width);
            TensorPrimitives.Subtract(state, empty, state);
            TensorPrimitives.MultiplyAdd(state, weights[token], empty, state);
        }
    }
}
