namespace Darkroom.Client.Catalog;

/// <summary>An upscaler.</summary>
public sealed record UpscalerInfo
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The name people know.</summary>
    public required string Title { get; init; }

    /// <summary><c>onnx</c>: a network.</summary>
    public required string Kind { get; init; }

    /// <summary>Pixels out for each pixel in, on each side; null until it is known.</summary>
    public int? Scale { get; init; }

    /// <summary>Pixels of a tile's side where a request does not say.</summary>
    public required int Tile { get; init; }

    /// <summary>Pixels that a tile sees beyond its share where a request does not say.</summary>
    public required int Overlap { get; init; }

    /// <summary>Length of its file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Null where it does not say.</summary>
    public string? Licence { get; init; }

    /// <summary>Null where there are none.</summary>
    public string? Notes { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>Other names of it.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }
}
