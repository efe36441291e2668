using Darkroom.Imaging;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation;

/// <summary>Names and media types of the picture formats on the wire.</summary>
internal static class PictureFormats
{
    /// <summary>Those that a picture can be shown in.</summary>
    public static IReadOnlyList<(string Name, PictureFormat Value)> Choices { get; } =
        [("png", PictureFormat.Png), ("jpeg", PictureFormat.Jpeg), ("webp", PictureFormat.Webp)];

    /// <summary>Those that a request can ask for.</summary>
    public static IReadOnlyList<(string Name, PictureFormat Value)> Asked { get; } = [.. Choices, (FieldTable.ArrayFormat, PictureFormat.Npy)];

    /// <summary>Array files and tensors, which have no media type of their own.</summary>
    public const string Bytes = "application/octet-stream";

    /// <summary>The wire's name, which is also the file ending and, of a picture, the media type's second half.</summary>
    public static string NameOf(PictureFormat format) => format switch
    {
        PictureFormat.Npy => FieldTable.ArrayFormat,
        PictureFormat.Safetensors => "safetensors",
        _ => Choices[(int)format].Name,
    };

    public static string MediaTypeOf(PictureFormat format) => format is PictureFormat.Npy or PictureFormat.Safetensors ? Bytes : "image/" + NameOf(format);
}
