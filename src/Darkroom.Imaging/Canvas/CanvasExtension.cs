namespace Darkroom.Imaging.Canvas;

/// <summary>How far a picture is continued on each side, in pixels.</summary>
public readonly record struct CanvasExtension(int Left, int Right, int Up, int Down);
