using Darkroom.Models.Upscaling;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Upscalers of this server.</summary>
/// <param name="Data">In the order of their ids.</param>
public sealed record UpscalerList(IReadOnlyList<UpscalerEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One upscaler.</summary>
public sealed record UpscalerEntry
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The name people know.</summary>
    public required string Title { get; init; }

    /// <summary><c>onnx</c>: a network.</summary>
    [WireValue("onnx")]
    public required string Kind { get; init; }

    /// <summary>Pixels out for each pixel in, on each side; absent until it is known.</summary>
    public int? Scale { get; init; }

    /// <summary>Pixels of a tile's side where a request does not say.</summary>
    public required int Tile { get; init; }

    /// <summary>Pixels that a tile sees beyond its share where a request does not say.</summary>
    public required int Overlap { get; init; }

    /// <summary>Length of its file, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The licence that it is under; absent where nobody said.</summary>
    public string? Licence { get; init; }

    /// <summary>What is to be known of it; absent where nothing is.</summary>
    public string? Notes { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("upscaler")]
    public string Object => "upscaler";

    /// <summary>Other names of it: none.</summary>
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
