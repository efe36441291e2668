using System.IO.Hashing;
using System.Buffers.Binary;
using System.Text;

namespace Darkroom.Imaging.Metadata;

/// <summary>PNG as a row of chunks: length, type, data, CRC (PNG specification, section 5).</summary>
internal static class PngChunks
{
    /// <summary>Length, type and CRC.</summary>
    private const int Frame = 12;

    /// <summary>
    /// The file with nothing but what the pixels need and, after its header, the texts: tEXt where Latin-1 holds one, iTXt in UTF-8 otherwise, as Pillow does.
    /// </summary>
    /// <param name="png">A whole, valid file.</param>
    /// <param name="texts">Keywords of PNG (1…79 bytes of Latin-1) and texts.</param>
    public static byte[] Label(ReadOnlySpan<byte> png, IEnumerable<KeyValuePair<string, string>> texts)
    {
        byte[] label = [.. texts.SelectMany(text => TextChunk(text.Key, text.Value))];
        var labelled = new MemoryStream(png.Length + label.Length);
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

    // Latin-1 that a reader would take for UTF-8, as ours does, is not written as such.
    private static byte[] TextChunk(string keyword, string text)
    {
        byte[] name = Encoding.Latin1.GetBytes(keyword), latin1 = Encoding.Latin1.GetBytes(text);
        return text.All(character => character <= 0xFF) && !TextDecoding.IsUtf8(latin1)
            ? Chunk("tEXt"u8, [.. name, 0, .. latin1])
            : Chunk("iTXt"u8, [.. name, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);
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
