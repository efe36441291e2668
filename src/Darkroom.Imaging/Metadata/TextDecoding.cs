using System.Text;
using System.Text.Unicode;

namespace Darkroom.Imaging.Metadata;

/// <summary>Text whose format says Latin-1 or ASCII, and in which many programs write UTF-8.</summary>
internal static class TextDecoding
{
    /// <summary>UTF-8 where the bytes are valid UTF-8 beyond ASCII (chance hardly makes such bytes out of Latin-1), else Latin-1.</summary>
    public static string Read(ReadOnlySpan<byte> bytes) => IsUtf8(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    /// <summary>Whether <see cref="Read"/> takes the bytes for UTF-8.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes) => !Ascii.IsValid(bytes) && Utf8.IsValid(bytes);
}
