using Darkroom.Imaging;

namespace Darkroom.Server.Generation;

/// <summary>Names and media types of the picture formats on the wire.</summary>
internal static class PictureFormats
{
    public static IReadOnlyList<(string Name, PictureFormat Value)> Choices { get; } =
        [("png", PictureFormat.Png), ("jpeg", PictureFormat.Jpeg), ("webp", PictureFormat.Webp)];

    /// <summary>The media type of tensors, which have none of their own.</summary>
    public const string Tensors = "application/octet-stream";

    /// <summary>The wire's name, which is also the file ending and, of a picture, the media type's second half.</summary>
    public static string NameOf(PictureFormat format) => format == PictureFormat.Safetensors ? "safetensors" : Choices[(int)format].Name;

    public static string MediaTypeOf(PictureFormat format) => format == PictureFormat.Safetensors ? Tensors : "image/" + NameOf(format);
}
