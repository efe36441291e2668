namespace Darkroom.Models.Text;

/// <summary>A text as all encoders of a model read it.</summary>
/// <param name="Encoders">One list of tokens for each text encoder, in the model's order.</param>
public sealed record TokenizedText(IReadOnlyList<TextTokens> Encoders)
{
    /// <summary>Whether there is no text: its conditioning is zeros, as long as the tokens say, and no encoder is asked.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>The first text that did not fit, as far as it was dropped; null where all of it did.</summary>
    public string? Dropped { get; init; }

    /// <summary>Tokens after which it was; null: as many as the denoiser or a chunk takes.</summary>
    public int? DroppedAfter { get; init; }
}
