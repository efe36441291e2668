using System.Text;

namespace Darkroom.Imaging.Metadata;

/// <summary>The texts of a PNG file: chunks tEXt, zTXt and iTXt (PNG specification, section 11.3.3), then those of its EXIF block.</summary>
internal static class PngTexts
{
    /// <summary>A keyword has 79 bytes at most.</summary>
    private const int MaxKeyword = 79;

    public static void Read(ReadOnlySpan<byte> png, TextList texts)
    {
        ReadOnlySpan<byte> exif = default;
        foreach (var chunk in new PngChunkReader(png))
        {
            if (chunk.Is("eXIf"u8) && exif.IsEmpty) exif = chunk.Data;
            if (chunk.Data.Length > PictureMetadata.MaxText || !chunk.Is("tEXt"u8) && !chunk.Is("zTXt"u8) && !chunk.Is("iTXt"u8)) continue;
            int end = chunk.Data.IndexOf((byte)0);
            if (end is < 1 or > MaxKeyword) continue;
            var rest = chunk.Data[(end + 1)..];
            string? text = chunk.Is("tEXt"u8) ? TextDecoding.Read(rest) : chunk.Is("zTXt"u8) ? Compressed(rest, texts) : International(rest, texts);
            texts.Add(Encoding.Latin1.GetString(chunk.Data[..end]), text);
        }
        ExifTexts.Read(exif, texts);
    }

    // Compression method, then the text.
    private static string? Compressed(ReadOnlySpan<byte> data, TextList texts) =>
        data is [0, ..] && Inflate(data[1..], texts) is { } text ? TextDecoding.Read(text) : null;

    // Compression flag and method, language and translated keyword (each ended by NUL), text.
    private static string? International(ReadOnlySpan<byte> data, TextList texts)
    {
        if (data.Length < 2 || data[0] > 1 || data[1] != 0) return null;
        bool isCompressed = data[0] == 1;
        data = data[2..];
        for (int field = 0; field < 2; field++)
        {
            int end = data.IndexOf((byte)0);
            if (end < 0) return null;
            data = data[(end + 1)..];
        }
        if (!isCompressed) return Encoding.UTF8.GetString(data);
        return Inflate(data, texts) is { } text ? Encoding.UTF8.GetString(text) : null;
    }

    private static byte[]? Inflate(ReadOnlySpan<byte> zlib, TextList texts)
    {
        int budget = texts.InflateBudget;
        byte[]? text = CompressedText.Inflate(zlib, ref budget);
        texts.InflateBudget = budget;
        return text;
    }
}
