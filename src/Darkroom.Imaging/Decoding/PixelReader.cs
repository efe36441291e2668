using System.Runtime.InteropServices;
using NetVips;

namespace Darkroom.Imaging.Decoding;

/// <summary>Pixels of a file whose headers have passed, by libvips' reader for that one format.</summary>
internal static class PixelReader
{
    /// <exception cref="VipsException">The file is broken, or the token was cancelled.</exception>
    /// <param name="file">What pixels are made of.</param>
    /// <param name="format">Of the file.</param>
    /// <param name="whole">Whether 16 bits stay: then two bytes in this machine's order are a value, and the picture has twice the channels.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Picture Read(byte[] file, PictureFormat format, bool whole, CancellationToken cancellation)
    {
        using var stored = Open(file, format);
        whole &= stored.Format == Enums.BandFormat.Ushort;
        using var bytes = whole || stored.Format == Enums.BandFormat.Uchar
            ? stored.Copy()
            // Pillow, too, keeps the upper byte of 16 bits.
            : stored.Cast(Enums.BandFormat.Uchar, shift: true);
        // libvips asks the token between strips; a cancelled one makes it stop.
        bytes.SetProgress(NoProgress.Instance, cancellation);
        var picture = new Picture(bytes.Width, bytes.Height, whole ? 2 * bytes.Bands : bytes.Bands,
            whole ? MemoryMarshal.AsBytes(bytes.WriteToMemory<ushort>().AsSpan()).ToArray() : bytes.WriteToMemory<byte>());
        return stored.Interpretation == Enums.Interpretation.Cmyk ? InkConversion.ToRgb(picture) : picture;
    }

    private static Image Open(byte[] file, PictureFormat format) => format switch
    {
        PictureFormat.Png => Image.PngloadBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        PictureFormat.Jpeg => Image.JpegloadBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        _ => Image.WebploadBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
    };

    // NetVips listens for the token only where somebody listens for progress.
    private sealed class NoProgress : IProgress<int>
    {
        public static readonly NoProgress Instance = new();

        public void Report(int value)
        {
        }
    }
}
