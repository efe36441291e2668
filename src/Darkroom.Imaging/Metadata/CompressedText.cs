using System.IO.Compression;

namespace Darkroom.Imaging.Metadata;

/// <summary>The zlib data of a zTXt or iTXt chunk. A kilobyte may hold a megabyte, so it is read up to a bound and no further.</summary>
internal static class CompressedText
{
    /// <param name="zlib">The data.</param>
    /// <param name="budget">Bytes that may come of it, and of all that is read after it; what was read is taken off.</param>
    /// <returns>Null where it is broken or longer.</returns>
    public static byte[]? Inflate(ReadOnlySpan<byte> zlib, ref int budget)
    {
        if (budget <= 0) return null;
        using var source = new MemoryStream(zlib.ToArray(), writable: false);
        using var inflated = new MemoryStream();
        byte[] buffer = new byte[4096];
        try
        {
            using var stream = new ZLibStream(source, CompressionMode.Decompress);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                budget -= read;
                if (budget < 0) return null;
                inflated.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }
        return inflated.ToArray();
    }
}
