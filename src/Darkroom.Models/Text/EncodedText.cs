namespace Darkroom.Models.Text;

/// <summary>What one encoder made of a text, weights applied and chunks joined.</summary>
/// <param name="Shape">[tokens, width].</param>
/// <param name="Values">The hidden states, row-major.</param>
public sealed record EncodedText(int[] Shape, float[] Values)
{
    /// <summary>One vector for the whole text, from its first chunk; null where the encoder gives none.</summary>
    public float[]? Pooled { get; init; }
}
