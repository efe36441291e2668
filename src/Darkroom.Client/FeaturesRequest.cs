namespace Darkroom.Client;

/// <summary>Reads what layers of a model make of a picture.</summary>
public sealed record FeaturesRequest : LookRequest
{
    /// <summary>With nothing but defaults.</summary>
    public FeaturesRequest()
        : base(GenerationTask.Features)
    {
    }

    /// <summary>What the picture shows, where that is known; null: nothing is said.</summary>
    public string? Prompt { get; init; }

    /// <summary>Training timestep whose noise the picture is shown with; null: 261.</summary>
    public int? Timestep { get; init; }

    /// <summary>1…32 layers, as <see cref="Catalog.ModelCapabilities.Layers"/> has them, or nodes of the graph; null: the middle of the network.</summary>
    public IReadOnlyList<string>? Layers { get; init; }
}
