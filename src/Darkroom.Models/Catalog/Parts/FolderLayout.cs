namespace Darkroom.Models.Catalog.Parts;

/// <summary>The parts that the folders of a family have, by name.</summary>
/// <param name="TextEncoders">In the order in which the family reads them; each has a tokenizer (<c>text_encoder_2</c> and <c>tokenizer_2</c>).</param>
/// <param name="Denoiser"><c>unet</c>, or <c>transformer</c>.</param>
internal sealed record FolderLayout(IReadOnlyList<string> TextEncoders, string Denoiser)
{
    public const string Autoencoder = "vae", Decoder = "vae_decoder", Encoder = "vae_encoder", Sampler = "scheduler";

    /// <summary>Whether there is an autoencoder; else the latents are pixels.</summary>
    public bool HasAutoencoder { get; init; } = true;

    /// <summary>Text encoders that a folder may do without.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>The layout of a folder: without what it says it has not.</summary>
    public FolderLayout Of(PipelineIndex index) => Optional.Any(part => !index.Present.Contains(part))
        ? this with { TextEncoders = [.. TextEncoders.Where(part => !Optional.Contains(part) || index.Present.Contains(part))] }
        : this;

    /// <summary>Parts with a graph. The autoencoder's encoder may be absent.</summary>
    public IReadOnlyList<string> Graphs => [.. TextEncoders, Denoiser, .. HasAutoencoder ? (string[])[Decoder, Encoder] : []];

    private string[] Halves => HasAutoencoder ? [Autoencoder, Decoder] : [];

    public IEnumerable<string> Tokenizers => TextEncoders.Select(TokenizerOf);

    /// <summary>Parts that no picture can be made without.</summary>
    public IEnumerable<string> Required =>
        [.. TextEncoders.SelectMany(part => (string[])[part, TokenizerOf(part)]), Denoiser, .. Halves];

    /// <summary>All parts that are read.</summary>
    public IEnumerable<string> Used => [.. Required, Encoder, Sampler];

    public static string TokenizerOf(string textEncoder) => textEncoder.Replace("text_encoder", "tokenizer", StringComparison.Ordinal);
}
