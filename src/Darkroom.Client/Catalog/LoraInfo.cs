using System.Text.Json;

namespace Darkroom.Client.Catalog;

/// <summary>A low-rank adaptation.</summary>
public sealed record LoraInfo
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The name that its writer gave it.</summary>
    public required string Title { get; init; }

    /// <summary>Its formulas: <c>lora</c>, <c>loha</c>, <c>lokr</c>, <c>dora</c>, <c>full</c>.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Layers that it changes.</summary>
    public required int Layers { get; init; }

    /// <summary>Of most layers; null where there is none.</summary>
    public int? Rank { get; init; }

    /// <summary>The models that it seems to be for; null where it does not tell.</summary>
    public string? Base { get; init; }

    /// <summary>What it sets where a request says nothing, by the field's name; null: nothing.</summary>
    public JsonElement? Defaults { get; init; }

    /// <summary>Where that comes from, in words.</summary>
    public string? DefaultsFrom { get; init; }

    /// <summary>Length of its file.</summary>
    public required long Bytes { get; init; }

    /// <summary>When its file was written, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Reason { get; init; }
}
