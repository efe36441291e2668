namespace Darkroom.Imaging.Resize;

/// <summary>How pixels are weighed in a picture of another size; Pillow's filters.</summary>
public enum ResampleFilter
{
    Nearest,
    Box,
    Bilinear,
    Hamming,
    Bicubic,
    Lanczos,
}
