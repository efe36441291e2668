using System.Buffers.Binary;
using System.IO.Compression;

namespace Darkroom.Imaging.Tests;

/// <summary>A second reader of 8-bit RGB PNG without interlacing, straight from the standard, to hold the first against.</summary>
internal static class PlainPng
{
    private const int Channels = 3;

    public static byte[] Read(byte[] file)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), height = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20)),
            line = width * Channels;
        Assert.Equal([8, 2, 0, 0, 0], file[24..29]); // depth, RGB, deflate, adaptive filters, not interlaced
        using var inflate = new ZLibStream(new MemoryStream(Data(file)), CompressionMode.Decompress);
        byte[] pixels = new byte[height * line];
        for (int y = 0; y < height; y++)
        {
            int filter = inflate.ReadByte();
            inflate.ReadExactly(pixels, y * line, line);
            for (int x = 0; x < line; x++)
            {
                int at = y * line + x;
                int left = x < Channels ? 0 : pixels[at - Channels], up = y == 0 ? 0 : pixels[at - line],
                    corner = x < Channels || y == 0 ? 0 : pixels[at - line - Channels];
                pixels[at] += (byte)(filter switch
                    { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => throw new InvalidDataException() });
            }
        }
        return pixels;
    }

    private static byte[] Data(byte[] file)
    {
        var data = new MemoryStream();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (file.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8)) data.Write(file, at + 8, length);
            at += length + 12;
        }
        return data.ToArray();
    }

    private static int Paeth(int left, int up, int corner)
    {
        int estimate = left + up - corner, byLeft = Math.Abs(estimate - left), byUp = Math.Abs(estimate - up), byCorner = Math.Abs(estimate - corner);
        return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
    }
}
