using Darkroom.Imaging;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation;

/// <summary>Names and media types of the picture formats on the wire.</summary>
internal static class PictureFormats
{
    /// <summary>Those that a picture can be shown in.</summary>
    public static IReadOnlyList<(string Name, PictureFormat Value)> Choices { get; } =
        [("png", PictureFormat.Png), ("jpeg", PictureFormat.Jpeg), ("webp", PictureFormat.Webp)];

    /// <summary>Array files, which have no media type of their own.</summary>
    public const string Array = "application/octet-stream";

    /// <summary>The wire's name, which is also the file ending and the media type's second half.</summary>
    public static string NameOf(PictureFormat format) => format == PictureFormat.Npy ? FieldTable.ArrayFormat : Choices[(int)format].Name;

    public static string MediaTypeOf(PictureFormat format) => format == PictureFormat.Npy ? Array : "image/" + NameOf(format);
}
