using NetVips;

namespace Darkroom.Imaging.Decoding;

/// <summary>Pixels of a file whose headers have passed, by libvips' reader for that one format.</summary>
internal static class PixelReader
{
    /// <exception cref="VipsException">The file is broken, or the token was cancelled.</exception>
    public static Picture Read(byte[] file, PictureFormat format, CancellationToken cancellation)
    {
        using var stored = Open(file, format);
        using var bytes = stored.Format == Enums.BandFormat.Uchar
            ? stored.Copy()
            // Pillow, too, keeps the upper byte of 16 bits.
            : stored.Cast(Enums.BandFormat.Uchar, shift: true);
        // libvips asks the token between strips; a cancelled one makes it stop.
        bytes.SetProgress(NoProgress.Instance, cancellation);
        var picture = new Picture(bytes.Width, bytes.Height, bytes.Bands, bytes.WriteToMemory<byte>());
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
