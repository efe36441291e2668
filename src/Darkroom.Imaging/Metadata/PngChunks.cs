using System.IO.Hashing;
using System.Buffers.Binary;
using System.Text;

namespace Darkroom.Imaging.Metadata;

/// <summary>PNG as a row of chunks: length, type, data, CRC (PNG specification, section 5).</summary>
internal static class PngChunks
{
    /// <summary>Length, type and CRC.</summary>
    private const int Frame = 12;

    private static ReadOnlySpan<byte> Keyword => "parameters\0"u8;

    /// <summary>
    /// The file with nothing but what the pixels need and, after its header, the text: tEXt where Latin-1 holds it, iTXt in UTF-8 otherwise, as Pillow does.
    /// </summary>
    /// <param name="png">A whole, valid file.</param>
    public static byte[] Label(ReadOnlySpan<byte> png, string? text)
    {
        byte[]? label = text is null ? null : TextChunk(text);
        var labelled = new MemoryStream(png.Length + (label?.Length ?? 0));
        labelled.Write(PictureInfo.PngSignature);
        foreach (var chunk in new PngChunkReader(png))
        {
            // Capital first letter: critical. tRNS is the one other chunk that changes pixels.
            if (!char.IsAsciiLetterUpper((char)chunk.Type[0]) && !chunk.Is("tRNS"u8)) continue;
            labelled.Write(chunk.Whole);
            if (chunk.Is("IHDR"u8)) labelled.Write(label);
        }
        return labelled.Length == labelled.Capacity ? labelled.GetBuffer() : labelled.ToArray();
    }

    /// <summary>The text under the keyword <c>parameters</c> of a tEXt, zTXt or iTXt chunk, or null. What is compressed is inflated to a bound.</summary>
    public static string? ReadText(ReadOnlySpan<byte> png)
    {
        // One compressed text is tried: a file of a thousand bombs costs no more than one.
        bool mayInflate = true;
        foreach (var chunk in new PngChunkReader(png))
        {
            if (chunk.Data.Length > PictureMetadata.LongestText || !chunk.Data.StartsWith(Keyword)) continue;
            var rest = chunk.Data[Keyword.Length..];
            if (chunk.Is("tEXt"u8)) return Encoding.Latin1.GetString(rest);
            if (chunk.Is("zTXt"u8) && mayInflate)
            {
                mayInflate = false;
                // Compression method, then the text.
                if (rest is [0, ..] && CompressedText.Inflate(rest[1..]) is { } inflated) return Encoding.Latin1.GetString(inflated);
            }
            else if (chunk.Is("iTXt"u8) && InternationalText(rest, ref mayInflate) is { } text) return text;
        }
        return null;
    }

    /// <summary>The TIFF block of an eXIf chunk; empty where there is none.</summary>
    public static ReadOnlySpan<byte> FindExif(ReadOnlySpan<byte> png)
    {
        foreach (var chunk in new PngChunkReader(png))
            if (chunk.Is("eXIf"u8))
                return chunk.Data;
        return default;
    }

    // Compression flag and method, language and translated keyword (each ended by NUL), text.
    private static string? InternationalText(ReadOnlySpan<byte> data, ref bool mayInflate)
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
        if (!mayInflate) return null;
        mayInflate = false;
        return CompressedText.Inflate(data) is { } inflated ? Encoding.UTF8.GetString(inflated) : null;
    }

    private static byte[] TextChunk(string text)
    {
        bool latin1 = text.All(character => character <= 0xFF);
        return latin1
            ? Chunk("tEXt"u8, [.. Keyword, .. Encoding.Latin1.GetBytes(text)])
            : Chunk("iTXt"u8, [.. Keyword, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[Frame + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
