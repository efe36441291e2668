namespace Darkroom.Imaging;

/// <summary>Formats that pictures are sent in.</summary>
public enum PictureFormat
{
    Png,
    Jpeg,
    Webp,

    /// <summary>An array file of numpy: values as they are, of any number of channels.</summary>
    Npy,
}
