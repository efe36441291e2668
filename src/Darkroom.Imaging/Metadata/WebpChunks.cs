using System.Buffers.Binary;

namespace Darkroom.Imaging.Metadata;

/// <summary>WebP as a RIFF file: name, size, then chunks of name, size, data padded to an even length (RFC 9649, section 2).</summary>
internal static class WebpChunks
{
    private const int FileHead = 12, ChunkHead = 8;
    private const byte HasExif = 0x08, HasAlpha = 0x10;

    /// <summary>The file in the extended layout with the text as EXIF after the picture.</summary>
    /// <param name="webp">A whole, valid file of one frame without metadata.</param>
    /// <param name="picture">What it shows.</param>
    public static byte[] Label(byte[] webp, Picture picture, string? text)
    {
        if (text is null) return webp;
        byte[] exif = Chunk("EXIF"u8, ExifComment.Write(text));
        bool extended = webp.AsSpan(FileHead).StartsWith("VP8X"u8);
        byte[] labelled = extended
            ? [.. webp, .. exif]
            : [.. webp.AsSpan(0, FileHead), .. Chunk("VP8X"u8, ExtendedHead(picture)), .. webp.AsSpan(FileHead), .. exif];
        labelled[FileHead + ChunkHead] |= HasExif;
        BinaryPrimitives.WriteInt32LittleEndian(labelled.AsSpan(4), labelled.Length - ChunkHead);
        return labelled;
    }

    /// <summary>The texts of the EXIF chunk.</summary>
    public static void ReadTexts(ReadOnlySpan<byte> webp, TextList texts)
    {
        var rest = webp[Math.Min(FileHead, webp.Length)..];
        while (rest.Length >= ChunkHead)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (size > rest.Length - ChunkHead) break;
            if (rest.StartsWith("EXIF"u8))
            {
                ExifTexts.Read(rest.Slice(ChunkHead, (int)size), texts);
                break;
            }
            rest = rest[Math.Min(ChunkHead + (int)size + (int)(size & 1), rest.Length)..];
        }
    }

    // Flags, three reserved bytes, width - 1 and height - 1 in 24 bits each.
    private static byte[] ExtendedHead(Picture picture)
    {
        byte[] head = new byte[10];
        head[0] = picture.Channels is 2 or 4 ? HasAlpha : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), picture.Width - 1);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(7), (ushort)(picture.Height - 1));
        return head;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[ChunkHead + data.Length + (data.Length & 1)];
        name.CopyTo(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
        data.CopyTo(chunk.AsSpan(ChunkHead));
        return chunk;
    }
}
