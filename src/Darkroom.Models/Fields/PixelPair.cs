namespace Darkroom.Models.Fields;

/// <summary>Two numbers of pixels of a request, along x and along y: a size or the corner of a crop. <c>[x, y]</c> on the wire.</summary>
public readonly record struct PixelPair(int X, int Y);
