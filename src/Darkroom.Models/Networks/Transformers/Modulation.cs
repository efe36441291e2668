using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>Adaptive layer norm: a vector of each row of a batch says how its sequence is shifted, scaled and gated.</summary>
/// <remarks>Peebles and Xie, Scalable diffusion models with transformers, 3.2.</remarks>
internal static class Modulation
{
    public const float Epsilon = 1e-6f;

    /// <summary>The vectors, [B, 1, C] each.</summary>
    /// <param name="linear">The layer that makes all of them.</param>
    /// <param name="condition">Behind SiLU, [B, D].</param>
    /// <param name="width">C.</param>
    public static IReadOnlyList<GraphValue> Vectors(Module linear, GraphValue condition, int width, int count) =>
        linear.Linear(condition, count * width).Unsqueeze(1).Split(count);

    /// <summary>norm(x) · (1 + scale) + shift.</summary>
    /// <param name="sequences">x, [B, S, C].</param>
    public static GraphValue Apply(GraphValue sequences, GraphValue shift, GraphValue scale, float epsilon = Epsilon) =>
        Normalisation.Plain(sequences, epsilon) * (scale + 1f) + shift;

    /// <summary>The last norm of a network. Its layer gives the scale before the shift: diffusers has this order here, and nowhere else.</summary>
    public static GraphValue Last(Module module, GraphValue sequences, GraphValue condition)
    {
        var vectors = Vectors(module["linear"], condition, sequences.Width, 2);
        return Apply(sequences, shift: vectors[1], scale: vectors[0]);
    }
}
