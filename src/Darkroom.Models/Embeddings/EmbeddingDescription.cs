using Darkroom.Models.Catalog;
using Darkroom.Models.Text;

namespace Darkroom.Models.Embeddings;

/// <summary>What is known of a textual inversion: plain data.</summary>
public sealed record EmbeddingDescription
{
    /// <summary>What requests call it: its file's name without extension.</summary>
    public required string Id { get; init; }

    /// <summary>Its file's name without extension, whatever other files are called.</summary>
    public string FileName { get; init; } = "";

    /// <summary>The token that the file names; null: none.</summary>
    public string? Token { get; init; }

    /// <summary>Vectors, which take a token each.</summary>
    public int Vectors { get; init; }

    /// <summary>Channels of a vector for each text encoder of the models that it is for, in their order.</summary>
    public IReadOnlyList<int> Widths { get; init; } = [];

    /// <summary>SHA-256 of its file, lower-case hex; null where that cannot be read.</summary>
    public string? Hash { get; init; }

    /// <summary>Length of its file.</summary>
    public long Bytes { get; init; }

    /// <summary>When its file was written; UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Fault { get; init; }

    /// <summary>
    /// The models that it seems to be for, by the published ones' widths: <c>stable-diffusion-1</c>, <c>stable-diffusion-2</c>, <c>stable-diffusion-xl</c>;
    /// null where they do not tell.
    /// </summary>
    public string? Base => Widths switch
    {
        [768] => "stable-diffusion-1",
        [1024] => "stable-diffusion-2",
        [768, 1280] => "stable-diffusion-xl",
        _ => null,
    };

    /// <summary>What it is called in a prompt.</summary>
    public EmbeddingNames Names => new(Id, FileName, Token);

    /// <summary>Why it cannot be used with a model, as the end of a sentence; null where it can.</summary>
    public string? MisfitOf(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Capabilities.Embeddings == false)
            return $"model '{model.Id}' takes none{(model.Capabilities.EmbeddingsReason is { } reason ? $": {reason}" : "")}";
        if (Fault is not null) return Fault;
        int?[] widths = [.. model.TextEncoders.Select(encoder => encoder.Width)];
        bool fits = widths.Length == Widths.Count && Widths.Zip(widths, static (own, other) => other is null || own == other).All(static same => same);
        return fits ? null
            : $"it has vectors of {TextOf(Widths.Select(width => (int?)width))} channels{(Base is { } of ? $" ({of})" : "")}, and model '{model.Id}' takes "
                + TextOf(widths);
    }

    private static string TextOf(IEnumerable<int?> widths) => string.Join(" and ", widths.Select(width => width?.ToString() ?? "any number of"));
}
