using Darkroom.Models.Graphs.Quantising;

namespace Darkroom.Models.Upscaling;

/// <summary>An upscaler as data: all that validation and lists may know of it.</summary>
public sealed record UpscalerDescription
{
    /// <summary>The file's name without <c>.onnx</c>.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>
    /// Pixels out for each pixel in, on each side; what the file says of itself, and once the graph was run, what it did. Null where the file says nothing
    /// and it was not run yet.
    /// </summary>
    public int? Scale { get; init; }

    /// <summary>
    /// Pixels out for each pixel in where a request does not say: the scale, as far as a request could ask for it. Null where that is not known.
    /// </summary>
    public double? OwnFactor => Scale is { } scale ? Math.Min(scale, UpscalePasses.MaxFactor) : null;

    /// <summary>
    /// Tiles that a picture of a size will take, as far as the file tells: those of a graph that takes one size alone are known when it was opened. Null
    /// where the scale is not known.
    /// </summary>
    /// <param name="width">Of the picture that goes in, in pixels.</param>
    /// <param name="height">Of the picture that goes in, in pixels.</param>
    /// <param name="factor">1 to 8; null: the network's own.</param>
    /// <param name="tiling">What was asked for.</param>
    public int? CountTiles(int width, int height, double? factor, UpscaleTiling tiling) => Scale is { } scale
        ? UpscaleRun.CountTiles(
            new UpscalerTraits(scale, 3, null, null, true, Multiple ?? 1, Radius), width, height,
            factor ?? UpscalePasses.OwnFactor(scale, width, height), tiling)
        : null;

    public string? Licence { get; init; }

    public string? Notes { get; init; }

    /// <summary>Length of the graph and its weights in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Pixels of a tile's own share on each side, where a request does not say.</summary>
    public int Tile { get; init; } = UpscaleTiling.DefaultTile;

    /// <summary>Pixels that a tile sees beyond its share, where a request does not say.</summary>
    public int Overlap { get; init; } = UpscaleTiling.DefaultOverlap;

    /// <summary>
    /// How far a pixel in can reach, in pixels of the input; null where the file does not say. With more overlap than this, tiles equal the whole.
    /// </summary>
    public int? Radius { get; init; }

    /// <summary>Sides that the graph takes are a multiple of it; null where the file does not say.</summary>
    public int? Multiple { get; init; }

    /// <summary>What its card says that it computes with; <see cref="WeightPrecision.Auto"/>: as the server is set.</summary>
    public WeightPrecision Precision { get; init; }

    /// <summary>Why it cannot be used, in plain words that name file and field; null where nothing speaks against it.</summary>
    public string? Fault { get; init; }
}
