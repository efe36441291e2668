using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Darkroom.TestKit.Pictures;

/// <summary>PNG files by hand, right or wrong.</summary>
public static class PngBuilder
{
    public static byte[] Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] End => Chunk("IEND");

    public static byte[] Chunk(string type, params byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    public static byte[] Header(uint width, uint height, int depth, int colour, int compression = 0, int filter = 0, int interlace = 0)
    {
        byte[] data = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(data, width);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[10], data[11], data[12]) = ((byte)depth, (byte)colour, (byte)compression, (byte)filter, (byte)interlace);
        return Chunk("IHDR", data);
    }

    /// <summary>Lines with their filter bytes, compressed.</summary>
    public static byte[] Zlib(ReadOnlySpan<byte> raw)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) stream.Write(raw);
        return packed.ToArray();
    }

    /// <summary>Zeros, compressed: a bomb.</summary>
    public static byte[] ZlibOfZeros(long length)
    {
        using var packed = new MemoryStream();
        byte[] block = new byte[1 << 16];
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            for (long left = length; left > 0; left -= block.Length)
                stream.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        return packed.ToArray();
    }

    public static byte[] File(params byte[][] chunks) => [.. Signature, .. chunks.SelectMany(chunk => chunk)];

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
        }
        return ~crc;
    }
}
