namespace Darkroom.Imaging.Tiles;

/// <summary>One tile of a plan, in pixels of the picture that goes in.</summary>
/// <param name="Index">Its place in the plan: left to right, then top to bottom.</param>
/// <param name="Column">From the left.</param>
/// <param name="Row">From the top.</param>
/// <param name="Window">What the network sees, overlap included; beyond the picture only where the picture is smaller than a window.</param>
/// <param name="Share">What the tile answers for; the shares of a plan cover the picture once.</param>
public readonly record struct Tile(int Index, int Column, int Row, PixelRect Window, PixelRect Share);
