using System.Diagnostics.CodeAnalysis;
using Darkroom.Engine.Artifacts;
using Darkroom.Imaging;

namespace Darkroom.Storage.Keeping;

/// <summary>
/// <c>{id}.{job}.{sha256}.{format}</c>: a picture's file says by its name all that is known of it, so that there is no second file that could differ, and
/// nothing of a picture has to be read to answer whether a caller has it.
/// </summary>
internal static class PictureFileName
{
    public static string Of(Artifact picture) => $"{picture.Id}.{picture.Job}.{picture.Sha256}.{Extension(picture.Format)}";

    public static bool TryParse(string name, long length, [NotNullWhen(true)] out Artifact? picture)
    {
        picture = name.Split('.') is [var id, var job, var sha256, var extension]
            && StoredId.IsOne(id) && StoredId.IsOne(job) && sha256.Length == 64 && StoredId.IsHex(sha256)
            && Formats.TryGetValue(extension, out var format)
            ? new(id, job, format, length, sha256)
            : null;
        return picture is not null;
    }

    private static readonly Dictionary<string, PictureFormat> Formats = Enum.GetValues<PictureFormat>().ToDictionary(Extension, StringComparer.Ordinal);

    private static string Extension(PictureFormat format) => format.ToString().ToLowerInvariant();
}
