using System.Buffers.Binary;

namespace Darkroom.Imaging.Metadata;

/// <summary>A TIFF block of any origin, of either byte order: directories of entries of 12 bytes each: tag, type, count, value or its offset.</summary>
internal readonly ref struct ExifBlock
{
    /// <summary>Bytes of an entry.</summary>
    public const int Entry = 12;

    private readonly ReadOnlySpan<byte> block;
    private readonly bool big;

    private ExifBlock(ReadOnlySpan<byte> block, bool big)
    {
        this.block = block;
        this.big = big;
    }

    /// <summary>Where the first directory begins.</summary>
    public uint First => UInt32(4);

    /// <param name="bytes">With or without the name <c>Exif</c> before the block.</param>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, out ExifBlock opened)
    {
        if (bytes.StartsWith("Exif\0\0"u8)) bytes = bytes[6..];
        bool big = bytes.StartsWith("MM\0*"u8);
        bool isBlock = bytes.Length >= 8 && (big || bytes.StartsWith("II*\0"u8));
        opened = isBlock ? new ExifBlock(bytes, big) : default;
        return isBlock;
    }

    /// <summary>Where the tag's entry begins, whose 12 bytes are there then. Directories that it leads on to are not followed.</summary>
    public int? Find(uint directory, ushort tag)
    {
        if (block.Length < 2 || directory > block.Length - 2) return null;
        int count = UInt16((int)directory);
        for (int at = (int)directory + 2; count > 0 && at <= block.Length - Entry; at += Entry, count--)
            if (UInt16(at) == tag)
                return at;
        return null;
    }

    /// <summary>The value of an entry as a number.</summary>
    public uint Number(int entry) => UInt32(entry + 8);

    /// <summary>The bytes that an entry of a type of single bytes leads to; empty where they are not there, or longer than any text.</summary>
    public ReadOnlySpan<byte> Bytes(int entry)
    {
        uint length = UInt32(entry + 4);
        if (length <= 4) return block.Slice(entry + 8, (int)length);
        uint offset = UInt32(entry + 8);
        bool isThere = length <= PictureMetadata.MaxText && offset <= block.Length && length <= block.Length - offset;
        return isThere ? block.Slice((int)offset, (int)length) : default;
    }

    private ushort UInt16(int at) => big ? BinaryPrimitives.ReadUInt16BigEndian(block[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(block[at..]);

    private uint UInt32(int at) => big ? BinaryPrimitives.ReadUInt32BigEndian(block[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);
}
