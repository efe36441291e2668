namespace Darkroom.Models.Upscaling;

/// <summary>How a picture is cut for an upscaler.</summary>
/// <param name="Tile">Pixels of a tile's own share on each side, at most; a graph of fixed size has its own.</param>
/// <param name="Overlap">Pixels that a tile sees beyond its share.</param>
public readonly record struct UpscaleTiling(int Tile, int Overlap)
{
    public const int DefaultTile = 256, MinTile = 16, MaxTile = 2048;

    /// <summary>For a network of unknown reach: what Real-ESRGAN's deep networks need.</summary>
    public const int DefaultOverlap = 32, MaxOverlap = 256;
}
