namespace Darkroom.Models.Loras;

/// <summary>What is known of a LoRA without reading its values: plain data.</summary>
public sealed record LoraDescription
{
    /// <summary>What requests call it: its file's name without extension.</summary>
    public required string Id { get; init; }

    /// <summary>The name that its writer gave it, else its id.</summary>
    public required string Title { get; init; }

    /// <summary>Length of its file.</summary>
    public long Bytes { get; init; }

    /// <summary>When its file was written; UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Its formulas: <c>lora</c>, <c>loha</c>, <c>lokr</c>, <c>dora</c>, <c>full</c>.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>Layers that it changes.</summary>
    public int Layers { get; init; }

    /// <summary>Of most of them; null where its formula has none.</summary>
    public int? Rank { get; init; }

    /// <summary>
    /// The models that it seems to be for: <c>stable-diffusion-1</c>, <c>stable-diffusion-2</c>, <c>stable-diffusion-xl</c>, <c>stable-diffusion-3</c>,
    /// <c>flux</c>; null where it does not tell.
    /// </summary>
    public string? Base { get; init; }

    /// <summary>Channels of the text that its layers of a U-Net attend to; null: it does not tell.</summary>
    public int? TextWidth { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Fault { get; init; }
}
