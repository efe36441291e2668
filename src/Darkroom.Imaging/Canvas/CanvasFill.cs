namespace Darkroom.Imaging.Canvas;

/// <summary>What stands on a canvas beside the picture before it is painted.</summary>
public enum CanvasFill
{
    /// <summary>The picture's outermost pixels, drawn out.</summary>
    Edge,

    /// <summary>Noise with the picture's mean and spread in each channel.</summary>
    Noise,
}
