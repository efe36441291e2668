namespace Darkroom.Imaging;

/// <summary>Formats that pictures are sent in.</summary>
public enum PictureFormat
{
    Png,
    Jpeg,
    Webp,

    /// <summary>An array file of numpy: values as they are, of any number of channels.</summary>
    Npy,

    /// <summary>No picture, but tensors that a job leaves where pictures are kept. Nothing encodes a picture so.</summary>
    Safetensors,
}
