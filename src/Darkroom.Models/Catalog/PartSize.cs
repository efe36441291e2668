namespace Darkroom.Models.Catalog;

/// <summary>A part of a model on disk.</summary>
/// <param name="Name">Its folder: <c>unet</c>, <c>text_encoder</c>.</param>
/// <param name="Bytes">Its graph and weights.</param>
public sealed record PartSize(string Name, long Bytes)
{
    /// <summary>The one number of rows that its graph takes; null where it takes any.</summary>
    public int? FixedBatch { get; init; }
}

/// <summary>A picture's size in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height);
