using System.Buffers.Binary;
using System.Text;

namespace Darkroom.Imaging.Metadata;

/// <summary>A TIFF block that holds the EXIF tag UserComment and nothing else (CIPA DC-008, sections 4.5 and 4.6.5).</summary>
internal static class ExifComment
{
    private const ushort ExifDirectory = 0x8769, UserComment = 0x9286, TypeLong = 4, TypeUndefined = 7;

    /// <summary>Bytes of an entry: tag, type, count, value or offset.</summary>
    private const int Entry = 12;

    /// <summary>Bytes before the text: header, two directories of one entry, character code.</summary>
    internal const int Overhead = 8 + 2 * (2 + Entry + 4) + 8;

    private static ReadOnlySpan<byte> Unicode => "UNICODE\0"u8;

    private static ReadOnlySpan<byte> Ascii => "ASCII\0\0\0"u8;

    /// <summary>The block as piexif lays it out for AUTOMATIC1111: big endian, <c>UNICODE</c>, UTF-16BE without a mark.</summary>
    public static byte[] Write(string text)
    {
        byte[] block = new byte[Overhead + 2 * text.Length];
        "MM\0*\0\0\0\b"u8.CopyTo(block);
        WriteDirectory(block.AsSpan(8), ExifDirectory, TypeLong, 1, 26);
        WriteDirectory(block.AsSpan(26), UserComment, TypeUndefined, 8 + 2 * text.Length, 44);
        Unicode.CopyTo(block.AsSpan(44));
        Encoding.BigEndianUnicode.GetBytes(text, block.AsSpan(Overhead));
        return block;
    }

    /// <summary>The comment's text, or null; either byte order, and any nonsense, is taken.</summary>
    public static string? Read(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith("Exif\0\0"u8)) block = block[6..];
        bool big = block.StartsWith("MM\0*"u8);
        if (block.Length < 8 || !big && !block.StartsWith("II*\0"u8)) return null;
        if (Find(block, UInt32(block[4..], big), ExifDirectory, big) is not { } pointer) return null;
        if (Find(block, UInt32(block[(pointer + 8)..], big), UserComment, big) is not { } entry) return null;
        uint length = UInt32(block[(entry + 4)..], big), offset = UInt32(block[(entry + 8)..], big);
        if (length is < 8 or > PictureMetadata.LongestText || offset > block.Length || length > block.Length - offset) return null;
        return Decode(block.Slice((int)offset, (int)length))?.TrimEnd('\0');
    }

    private static string? Decode(ReadOnlySpan<byte> comment)
    {
        var text = comment[8..];
        if (comment.StartsWith(Unicode)) return DecodeUtf16(text[..(text.Length & ~1)]);
        // An undefined code is all zeros; what follows is ASCII in practice, and UTF-8 reads it.
        return comment.StartsWith(Ascii) || comment[..8].IndexOfAnyExcept((byte)0) < 0 ? Encoding.UTF8.GetString(text) : null;
    }

    // The standard leaves the byte order open and writers differ, whatever the block's own order. Parameters are mostly ASCII ("Steps: 20"), so the zeros tell;
    // without any it is big endian, as AUTOMATIC1111 writes and reads.
    private static string DecodeUtf16(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.BigEndianUnicode.GetString(text[2..]);
        if (text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode.GetString(text[2..]);
        int bigEndian = 0;
        for (int i = 0; i < text.Length; i += 2) bigEndian += (text[i] == 0 ? 1 : 0) - (text[i + 1] == 0 ? 1 : 0);
        return (bigEndian >= 0 ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(text);
    }

    // Where the tag's entry begins; its 12 bytes are there then.
    private static int? Find(ReadOnlySpan<byte> block, uint directory, ushort tag, bool big)
    {
        if (directory > block.Length - 2) return null;
        int count = UInt16(block[(int)directory..], big);
        for (int at = (int)directory + 2; count > 0 && at <= block.Length - Entry; at += Entry, count--)
            if (UInt16(block[at..], big) == tag)
                return at;
        return null;
    }

    private static void WriteDirectory(Span<byte> target, ushort tag, ushort type, int count, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, 1);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], tag);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], type);
        BinaryPrimitives.WriteInt32BigEndian(target[6..], count);
        BinaryPrimitives.WriteInt32BigEndian(target[10..], value);
    }

    private static ushort UInt16(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private static uint UInt32(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
