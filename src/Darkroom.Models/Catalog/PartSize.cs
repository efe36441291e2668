namespace Darkroom.Models.Catalog;

/// <summary>A part of a model on disk.</summary>
/// <param name="Name">Its folder: <c>unet</c>, <c>text_encoder</c>.</param>
/// <param name="Bytes">Its graph and weights.</param>
public sealed record PartSize(string Name, long Bytes)
{
    /// <summary>The one number of rows that its graph takes; null where it takes any.</summary>
    public int? FixedBatch { get; init; }

    /// <summary>Whether it takes as many bytes in memory: a session computes with them where they are. Exported graphs may be kept wider.</summary>
    public bool IsExact { get; init; }

    /// <summary>
    /// What most of its weights are stored as: <c>fp32</c>, <c>fp16</c>, <c>bf16</c>, <c>fp8</c>, <c>int8</c>, <c>int4</c>; null where it has none.
    /// </summary>
    public string? StoredAs { get; init; }
}

/// <summary>A picture's size in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height);
