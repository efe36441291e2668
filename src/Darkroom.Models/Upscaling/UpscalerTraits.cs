namespace Darkroom.Models.Upscaling;

/// <summary>What an upscaler's graph is like, as its ports and a few small runs of it tell.</summary>
/// <param name="Scale">Pixels out for each pixel in, on each side.</param>
/// <param name="Channels">3, or 1: then every colour goes through alone.</param>
/// <param name="FixedWidth">The one width that the graph takes; null where it takes any.</param>
/// <param name="FixedHeight">The one height.</param>
/// <param name="SharesBatch">Whether one call takes several pictures.</param>
/// <param name="Multiple">Sides are a multiple of it.</param>
/// <param name="Radius">How far a pixel in can reach; null where unknown.</param>
public sealed record UpscalerTraits(int Scale, int Channels, int? FixedWidth, int? FixedHeight, bool SharesBatch, int Multiple, int? Radius)
{
    /// <summary>
    /// Pixels on each side of a cut over which two tiles are mixed. Where the overlap is beyond the network's reach both tiles say the same at the cut, and
    /// mixing could only bring in pixels nearer to a tile's end: a hard cut. Else half the overlap: the outer half, which is the worst, is thrown away.
    /// </summary>
    public int FadeFor(int overlap) => Radius <= overlap ? 0 : overlap / 2;
}
