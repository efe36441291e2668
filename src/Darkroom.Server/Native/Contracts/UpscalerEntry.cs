using Darkroom.Models.Upscaling;

namespace Darkroom.Server.Native.Contracts;

public sealed record UpscalerList(IReadOnlyList<UpscalerEntry> Data)
{
    public string Object => "list";
}

public sealed record UpscalerEntry
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The name people know.</summary>
    public required string Title { get; init; }

    /// <summary><c>onnx</c>: a network.</summary>
    public required string Kind { get; init; }

    /// <summary>Pixels out for each pixel in, on each side; absent until it is known.</summary>
    public int? Scale { get; init; }

    /// <summary>Pixels of a tile's side where a request does not say.</summary>
    public required int Tile { get; init; }

    /// <summary>Pixels that a tile sees beyond its share where a request does not say.</summary>
    public required int Overlap { get; init; }

    /// <summary>Length of its file.</summary>
    public required long Bytes { get; init; }

    public string? Licence { get; init; }
    public string? Notes { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    public string Object => "upscaler";

    public IReadOnlyList<string> Aliases => [];

    internal static UpscalerEntry Of(UpscalerDescription one) => new()
    {
        Id = one.Id,
        Name = one.Id,
        Title = one.Title,
        Kind = "onnx",
        Scale = one.Scale,
        Tile = one.Tile,
        Overlap = one.Overlap,
        Bytes = one.Bytes,
        Licence = one.Licence,
        Notes = one.Notes,
        Reason = one.Fault,
    };
}
