namespace Darkroom.Models.Text;

/// <summary>What one lane of a row reads, as text.</summary>
/// <param name="Text">The text; null where there is none at all (diffusers' <c>None</c>), which some families read otherwise than an empty text.</param>
public sealed record PromptText(string? Text)
{
    /// <summary>What the later text encoders read; null: the same as <see cref="Text"/>.</summary>
    public string? Second { get; init; }

    /// <summary>Tokens of the text for an encoder that takes any number of them; null: the model's own number.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Textual inversions that it may name; null: none.</summary>
    public PromptEmbeddings? Embeddings { get; init; }

    /// <summary>Whether it keeps its own length where the texts of a row differ in it: then its lanes do not share a call.</summary>
    public bool KeepsLength { get; init; }

    /// <summary>Last layers of the text encoders left out, 0 to the model's maximum.</summary>
    public int ClipSkip { get; init; }
}

/// <summary>How a text is read.</summary>
public enum TextReading
{
    /// <summary>As it stands, cut at the encoder's length.</summary>
    Plain,

    /// <summary>A1111's attention syntax, in as many chunks as it needs.</summary>
    Weighted,

    /// <summary>ComfyUI's attention syntax, in as many chunks as it needs.</summary>
    Comfyui,
}
