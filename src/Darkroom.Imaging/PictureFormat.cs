namespace Darkroom.Imaging;

/// <summary>Formats that pictures are sent in.</summary>
public enum PictureFormat
{
    Png,
    Jpeg,
    Webp,
}
