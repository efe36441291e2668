using System.Globalization;
using System.Text;
using Darkroom.Engine.Previews;

namespace Darkroom.Storage.Keeping;

/// <summary>A preview as a file: a line with its numbers, then the picture.</summary>
internal static class PreviewFile
{
    public static byte[] Write(Preview preview) =>
    [
        .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{preview.Index} {preview.Step} {preview.Width} {preview.Height}\n")),
        .. preview.Png.Span,
    ];

    /// <returns>Null for a file that is none.</returns>
    public static Preview? Read(string jobId, ReadOnlyMemory<byte> file)
    {
        int end = file.Span.IndexOf((byte)'\n');
        if (end is < 0 or > 60) return null;
        string[] words = Encoding.ASCII.GetString(file.Span[..end]).Split(' ');
        int[] numbers = [.. words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return numbers is [>= 0 and var index, >= 0 and var step, > 0 and var width, > 0 and var height]
            ? new Preview(jobId, index, step, width, height, file[(end + 1)..]) : null;
    }
}
