using System.Buffers.Binary;

namespace Darkroom.Imaging.Decoding;

/// <summary>The EXIF tag Orientation: how a camera was held (CIPA DC-008, section 4.6.4).</summary>
internal static class ExifOrientation
{
    private const ushort Tag = 0x0112, TypeShort = 3;

    /// <summary>Reads the first directory once and follows nothing else, so no loop of directories can hold it.</summary>
    /// <param name="block">A TIFF block, with or without the name <c>Exif</c> before it; any nonsense is 1.</param>
    /// <returns>1 upright … 8.</returns>
    public static int Read(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith("Exif\0\0"u8)) block = block[6..];
        bool big = block.StartsWith("MM\0*"u8);
        if (block.Length < 8 || !big && !block.StartsWith("II*\0"u8)) return 1;
        uint directory = big ? BinaryPrimitives.ReadUInt32BigEndian(block[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        if (directory > block.Length - 2) return 1;
        var rest = block[(int)directory..];
        int count = Short(rest, big);
        rest = rest[2..];
        for (; count > 0 && rest.Length >= 12; count--, rest = rest[12..])
            if (Short(rest, big) == Tag)
                return Short(rest[2..], big) == TypeShort && Short(rest[8..], big) is >= 1 and <= 8 and var value ? value : 1;
        return 1;
    }

    /// <summary>The picture upright.</summary>
    public static Picture Apply(Picture picture, int orientation)
    {
        if (orientation == 1) return picture;
        bool turned = orientation >= 5;
        var upright = Picture.Blank(turned ? picture.Height : picture.Width, turned ? picture.Width : picture.Height, picture.Channels);
        // The value says at which sides of the scene the stored picture's first row and column lie; from 5 on rows are the scene's columns.
        bool fromRight = orientation is 2 or 3 or 6 or 7, fromBottom = orientation is 3 or 4 or 7 or 8;
        for (int y = 0; y < upright.Height; y++)
        {
            var row = upright.Row(y);
            int down = fromBottom ? upright.Height - 1 - y : y;
            for (int x = 0; x < upright.Width; x++)
            {
                int across = fromRight ? upright.Width - 1 - x : x;
                int from = turned ? across * picture.Width + down : down * picture.Width + across;
                picture.Pixels.AsSpan(from * picture.Channels, picture.Channels).CopyTo(row[(x * picture.Channels)..]);
            }
        }
        return upright;
    }

    private static int Short(ReadOnlySpan<byte> at, bool big) => big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
}
