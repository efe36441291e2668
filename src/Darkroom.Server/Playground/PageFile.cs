using System.IO.Compression;

namespace Darkroom.Server.Playground;

/// <summary>One file of the page, as it is sent.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PageFile(string ContentType, byte[] Content)
{
    // A file that compression does not help (a picture) is sent as it stands.
    private readonly Lazy<byte[]?> brotli = new(() => Smaller(Content, static output => new BrotliStream(output, CompressionLevel.SmallestSize)));
    private readonly Lazy<byte[]?> gzip = new(() => Smaller(Content, static output => new GZipStream(output, CompressionLevel.SmallestSize)));

    /// <summary>By Brotli; null where that is no smaller. Made when first asked for, and kept.</summary>
    public byte[]? Brotli => brotli.Value;

    /// <summary>By gzip; null where that is no smaller. Made when first asked for, and kept.</summary>
    public byte[]? Gzip => gzip.Value;

    private static byte[]? Smaller(byte[] content, Func<Stream, Stream> compressor)
    {
        using var output = new MemoryStream();
        using (var stream = compressor(output)) stream.Write(content);
        byte[] compressed = output.ToArray(); // of a stream that its compressor has closed
        return compressed.Length < content.Length ? compressed : null;
    }
}
