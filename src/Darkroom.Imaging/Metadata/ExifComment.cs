using System.Buffers.Binary;
using System.Text;

namespace Darkroom.Imaging.Metadata;

/// <summary>A TIFF block that holds the EXIF tag UserComment and nothing else (CIPA DC-008, sections 4.5 and 4.6.5).</summary>
internal static class ExifComment
{
    /// <summary>The entry of the first directory that leads to EXIF's own.</summary>
    internal const ushort Directory = 0x8769;

    private const ushort UserComment = 0x9286, TypeLong = 4, TypeUndefined = 7;

    /// <summary>Bytes before the text: header, two directories of one entry, character code.</summary>
    internal const int Overhead = 8 + 2 * (2 + ExifBlock.Entry + 4) + 8;

    private static ReadOnlySpan<byte> Unicode => "UNICODE\0"u8;

    private static ReadOnlySpan<byte> Ascii => "ASCII\0\0\0"u8;

    /// <summary>The block as piexif lays it out for AUTOMATIC1111: big endian, <c>UNICODE</c>, UTF-16BE without a mark.</summary>
    public static byte[] Write(string text)
    {
        byte[] block = new byte[Overhead + 2 * text.Length];
        "MM\0*\0\0\0\b"u8.CopyTo(block);
        WriteDirectory(block.AsSpan(8), Directory, TypeLong, 1, 26);
        WriteDirectory(block.AsSpan(26), UserComment, TypeUndefined, 8 + 2 * text.Length, 44);
        Unicode.CopyTo(block.AsSpan(44));
        Encoding.BigEndianUnicode.GetBytes(text, block.AsSpan(Overhead));
        return block;
    }

    /// <summary>The comment's text, or null; either byte order, and any nonsense, is taken.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes)
    {
        if (!ExifBlock.TryOpen(bytes, out var block)) return null;
        if (block.Find(block.First, Directory) is not { } pointer || block.Find(block.Number(pointer), UserComment) is not { } entry) return null;
        var comment = block.Bytes(entry);
        return comment.Length < 8 ? null : Decode(comment)?.TrimEnd('\0');
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

    private static void WriteDirectory(Span<byte> target, ushort tag, ushort type, int count, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, 1);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], tag);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], type);
        BinaryPrimitives.WriteInt32BigEndian(target[6..], count);
        BinaryPrimitives.WriteInt32BigEndian(target[10..], value);
    }
}
