namespace Darkroom.Imaging;

/// <summary>What the first bytes of a file tell of it, without decoding.</summary>
public static class PictureInfo
{
    /// <summary>The eight bytes that every PNG file starts with.</summary>
    internal static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The six bytes that every array file of numpy starts with.</summary>
    internal static ReadOnlySpan<byte> NpySignature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The format by its magic bytes, never by a name; null where it is none of ours.</summary>
    /// <remarks>It says what the file claims to be. Whether it holds to that, only <see cref="PictureDecoder"/> knows.</remarks>
    public static PictureFormat? TypeOf(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngSignature)) return PictureFormat.Png;
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return PictureFormat.Jpeg;
        if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8)) return PictureFormat.Webp;
        return file.StartsWith(NpySignature) ? PictureFormat.Npy : null;
    }
}
