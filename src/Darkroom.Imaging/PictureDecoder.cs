using System.Diagnostics.CodeAnalysis;
using Darkroom.Imaging.Decoding;
using NetVips;

namespace Darkroom.Imaging;

/// <summary>
/// PNG, JPEG and WebP files as pixels. The format is told by magic bytes alone. Our own readers go
/// over the headers first and hold them to the limits; libvips then gets that one
/// format's image data and nothing else of the file.
/// </summary>
/// <remarks>
/// Pixels come upright and with 8 bits a channel: palettes and 1…4-bit greys spread, 16 bits cut
/// to the upper 8, CMYK as RGB, alpha kept as a channel. Colour profiles are
/// ignored, as Pillow does.
/// </remarks>
public static class PictureDecoder
{
    /// <summary>The pixels of an upload, or why it is refused. Bad input never throws.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static bool TryDecode(ReadOnlyMemory<byte> file, PictureLimits limits, [NotNullWhen(true)] out Picture? picture,
        [NotNullWhen(false)] out PictureFault? fault, CancellationToken cancellation = default) =>
        TryDecode(file, limits, keepsShorts: false, out picture, out fault, cancellation);

    /// <summary>The same; 16 bits may stay, and then two bytes are a value and the picture has twice the channels.</summary>
    internal static bool TryDecode(ReadOnlyMemory<byte> file, PictureLimits limits, bool keepsShorts, [NotNullWhen(true)] out Picture? picture,
        [NotNullWhen(false)] out PictureFault? fault, CancellationToken cancellation)
    {
        picture = null;
        if (!TryInspect(file.Span, limits, out var header, out fault)) return false;
        if (header.Array is not null)
        {
            fault = new(PictureFaultKind.NoColours, "An npy file has no colours: a PNG, JPEG or WebP file is needed here.");
            return false;
        }
        VipsRuntime.Ensure();
        if (!DecoderSlots.Enter(limits.MaxTime, cancellation))
        {
            fault = TooSlow(limits);
            return false;
        }
        try
        {
            (picture, fault) = Decode(file, header, keepsShorts, limits, cancellation);
            return picture is not null;
        }
        finally
        {
            DecoderSlots.Leave();
        }
    }

    /// <summary>Format and size of an upload by its headers alone, an array too, or why it is refused.</summary>
    public static bool TryInspect(
        ReadOnlySpan<byte> file, PictureLimits limits, [NotNullWhen(true)] out PictureHeader? header, [NotNullWhen(false)] out PictureFault? fault)
    {
        ArgumentNullException.ThrowIfNull(limits);
        header = null;
        if (file.Length > limits.MaxBytes)
            fault = PictureFault.Beyond(PictureFaultKind.TooManyBytes, "The picture's file has", file.Length, limits.MaxBytes, "bytes");
        else
            fault = PictureInfo.TypeOf(file) switch
            {
                PictureFormat.Png => new PngHeaderReader(file, limits).Read(out header),
                PictureFormat.Jpeg => new JpegHeaderReader(file, limits).Read(out header),
                PictureFormat.Webp => new WebpHeaderReader(file, limits).Read(out header),
                PictureFormat.Npy => new NpyHeaderReader(file, limits).Read(out header),
                _ => PictureFault.UnknownFormat,
            };
        return fault is null;
    }

    /// <summary>The pixels of a file of our own, without limits.</summary>
    /// <exception cref="PictureFormatException">Not a PNG, JPEG or WebP file, or a broken one.</exception>
    public static Picture Decode(ReadOnlyMemory<byte> file) =>
        TryDecode(file, PictureLimits.None, out var picture, out var fault) ? picture : throw new PictureFormatException(fault.Message);

    private static (Picture? Picture, PictureFault? Fault) Decode(
        ReadOnlyMemory<byte> file, PictureHeader header, bool keepsShorts, PictureLimits limits, CancellationToken cancellation)
    {
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        clock.CancelAfter(limits.MaxTime);
        try
        {
            var picture = PixelReader.Read(EssentialParts.Join(file, header), header.Format, keepsShorts, clock.Token);
            if (header.Frame is { } frame && (picture.Width, picture.Height) == (frame.Width, frame.Height)) picture = OnCanvas(picture, header, frame);
            return (picture.Width, picture.Height) == (header.StoredWidth, header.StoredHeight)
                ? (ExifOrientation.Apply(picture, header.Orientation), null)
                : (null, PictureFault.Broken(header.Format, "its header says another size than its picture"));
        }
        catch (VipsException)
        {
            cancellation.ThrowIfCancellationRequested();
            return (null, clock.IsCancellationRequested ? TooSlow(limits) : PictureFault.Broken(header.Format, "its picture cannot be decoded"));
        }
    }

    // Around a frame that is smaller than its canvas lies nothing.
    private static Picture OnCanvas(Picture picture, PictureHeader header, PixelRect frame)
    {
        if (frame == new PixelRect(0, 0, header.StoredWidth, header.StoredHeight)) return picture;
        if (!picture.HasAlpha)
        {
            var opaque = Picture.Blank(picture.Width, picture.Height, 1);
            Array.Fill(opaque.Pixels, byte.MaxValue);
            picture = ChannelConversion.WithAlpha(picture, opaque);
        }
        var canvas = Picture.Blank(header.StoredWidth, header.StoredHeight, picture.Channels);
        canvas.Paste(picture, frame.X, frame.Y);
        return canvas;
    }

    private static PictureFault TooSlow(PictureLimits limits)
    {
        long seconds = (long)limits.MaxTime.TotalSeconds;
        return PictureFault.Beyond(PictureFaultKind.TooSlow, "Decoding the picture takes more than", seconds, seconds, "seconds");
    }
}
