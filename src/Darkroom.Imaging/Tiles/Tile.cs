namespace Darkroom.Imaging.Tiles;

/// <summary>A part of a picture that an upscaler sees in one call.</summary>
/// <param name="Row">Of tiles, from the top.</param>
/// <param name="Column">Of tiles, from the left.</param>
/// <param name="Core">What it answers for; cores cover the picture once.</param>
/// <param name="Window">What it sees: the core and its surroundings, as large for every tile of a plan.</param>
public readonly record struct Tile(int Row, int Column, PixelRect Core, PixelRect Window);
