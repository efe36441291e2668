using System.IO.Compression;

namespace Darkroom.Imaging.Metadata;

/// <summary>The zlib data of a zTXt or iTXt chunk. A kilobyte may hold a megabyte, so it is read up to a bound and no further.</summary>
internal static class CompressedText
{
    /// <returns>Null where it is broken or longer than <see cref="PictureMetadata.LongestText"/>.</returns>
    public static byte[]? Inflate(ReadOnlySpan<byte> zlib)
    {
        using var source = new MemoryStream(zlib.ToArray(), writable: false);
        using var inflated = new MemoryStream();
        byte[] buffer = new byte[4096];
        try
        {
            using var stream = new ZLibStream(source, CompressionMode.Decompress);
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                inflated.Write(buffer, 0, read);
                if (inflated.Length > PictureMetadata.LongestText) return null;
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }
        return inflated.ToArray();
    }
}
