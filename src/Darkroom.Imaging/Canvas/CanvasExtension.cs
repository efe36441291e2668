namespace Darkroom.Imaging.Canvas;

/// <summary>How far a picture is continued on each side, and how far what is painted reaches softly into it. All in pixels, at least 0.</summary>
public sealed record CanvasExtension(int Left, int Right, int Up, int Down, int Feather);
