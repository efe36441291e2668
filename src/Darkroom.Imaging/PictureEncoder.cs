using System.Runtime.InteropServices;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Values;
using NetVips;

namespace Darkroom.Imaging;

/// <summary>A picture as a file. The same picture, options and text give the same bytes: no time, software name or resolution is written.</summary>
public static class PictureEncoder
{
    /// <summary>The largest side of a WebP picture, in pixels (RFC 9649: 14 bits).</summary>
    public const int WebpMaxSide = 16383;

    /// <summary>The largest side of a JPEG picture, in pixels (the bound of libjpeg).</summary>
    public const int JpegMaxSide = 65500;

    /// <summary>The longest parameters text that a JPEG picture takes, in UTF-16 units.</summary>
    public const int JpegMaxText = JpegSegments.MaxText;

    /// <param name="picture">1 to 4 channels. JPEG knows no transparency: what shows through is white.</param>
    /// <param name="format">PNG is lossless.</param>
    /// <param name="quality">
    /// 0…100 as Pillow and libvips mean it, for JPEG and lossy WebP; PNG ignores it. JPEG halves
    /// the chroma in both directions below 90, and keeps it all from 90 on;
    /// 0 is taken as 1 there, the lowest it knows.
    /// </param>
    /// <param name="label">What is written into it; null: nothing. A parameters text alone will do.</param>
    /// <returns>A whole file.</returns>
    /// <exception cref="ArgumentException">Channels, pixels or quality out of range.</exception>
    /// <exception cref="PictureFormatException">The format cannot hold a picture of this size.</exception>
    public static byte[] Encode(Picture picture, PictureFormat format, int quality, PictureLabel? label)
    {
        Validate(picture, quality);
        VipsRuntime.Ensure();
        string? text = WithoutNul(label?.Parameters);
        return format switch
        {
            PictureFormat.Png => PngChunks.Label(Compress(picture, ToPng), Chunks(text, label?.Others ?? [])),
            PictureFormat.Jpeg => JpegSegments.Label(Compress(Fitting(picture, JpegMaxSide, "JPEG"), image => ToJpeg(image, quality)), text),
            PictureFormat.Webp => WebpChunks.Label(Compress(Fitting(picture, WebpMaxSide, "WebP"), image => ToWebp(image, quality)), picture, text),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such picture format."),
        };
    }

    /// <summary>Values as a file of the depth that is asked.</summary>
    /// <param name="values">1 or 3 channels for pictures, 1…16 for arrays.</param>
    /// <param name="format">Arrays hold no text.</param>
    /// <param name="bits">8; 16 for PNG and arrays; 32, float32 as the values are, for arrays.</param>
    /// <param name="quality">As for pixels.</param>
    /// <param name="label">As for pixels.</param>
    /// <exception cref="ArgumentException">The format does not hold these channels or this depth.</exception>
    /// <exception cref="PictureFormatException">The format cannot hold a picture of this size.</exception>
    public static byte[] Encode(PictureValues values, PictureFormat format, int bits, int quality, PictureLabel? label)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (format == PictureFormat.Npy) return NpyWriter.Write(values, bits);
        if (values.Channels is not (1 or 3) || !(bits == 8 || (bits == 16 && format == PictureFormat.Png)))
            throw new ArgumentException($"{format} does not hold {values.Channels} channels of {bits} bits.", nameof(format));
        if (bits == 8) return Encode(PixelConversion.FromNetwork(values.Planes, values.Width, values.Height), format, quality, label);
        VipsRuntime.Ensure();
        return PngChunks.Label(CompressShorts(values), Chunks(WithoutNul(label?.Parameters), label?.Others ?? []));
    }

    // NUL ends a text in all three formats.
    private static string? WithoutNul(string? text) => text?.Replace("\0", string.Empty, StringComparison.Ordinal) is { Length: > 0 } whole ? whole : null;

    private static IEnumerable<KeyValuePair<string, string>> Chunks(string? parameters, IReadOnlyList<KeyValuePair<string, string>> others)
    {
        if (parameters is not null) yield return new("parameters", parameters);
        foreach (var (name, text) in others)
            if (WithoutNul(text) is { } whole) yield return new(name, whole);
    }

    // Level 3 takes some 10 ms a megapixel more than level 1 and saves a third of the bytes; level 6 takes 2.6 times as long for another 3 %
    // (docs/decisions/0001-pictures-by-netvips.md).
    private static byte[] ToPng(Image image) =>
        image.PngsaveBuffer(compression: 3, filter: Enums.ForeignPngFilter.Up, keep: Enums.ForeignKeep.None);

    private static byte[] ToJpeg(Image image, int quality) =>
        image.JpegsaveBuffer(q: Math.Max(quality, 1), optimizeCoding: true, subsampleMode: Enums.ForeignSubsample.Auto,
            keep: Enums.ForeignKeep.None, background: [255]);

    private static byte[] ToWebp(Image image, int quality) => image.WebpsaveBuffer(q: quality, keep: Enums.ForeignKeep.None);

    private static byte[] Compress(Picture picture, Func<Image, byte[]> save)
    {
        using var pixels = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, picture.Channels, Enums.BandFormat.Uchar);
        // Without a meaning two or four bands are just bands, and the last would not count as alpha.
        using var image = pixels.Copy(interpretation: picture.Channels < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return save(image);
    }

    private static byte[] CompressShorts(PictureValues values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(ValueConversion.ToShorts(values).AsSpan()).ToArray();
        using var pixels = Image.NewFromMemory(bytes, values.Width, values.Height, values.Channels, Enums.BandFormat.Ushort);
        using var image = pixels.Copy(interpretation: values.Channels == 1 ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16);
        return image.PngsaveBuffer(compression: 3, filter: Enums.ForeignPngFilter.Up, bitdepth: 16, keep: Enums.ForeignKeep.None);
    }

    private static Picture Fitting(Picture picture, int largestSide, string format) =>
        Math.Max(picture.Width, picture.Height) <= largestSide
            ? picture
            : throw new PictureFormatException($"{format} holds at most {largestSide} pixels a side; the picture has {picture.Width} x {picture.Height}.");

    private static void Validate(Picture picture, int quality)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegative(quality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (picture.Width < 1 || picture.Height < 1 || picture.Channels is < 1 or > 4
            || picture.Pixels.LongLength != (long)picture.Width * picture.Height * picture.Channels)
            throw new ArgumentException(
                $"{picture.Width} x {picture.Height} x {picture.Channels} channels do not go with {picture.Pixels.Length} bytes.", nameof(picture));
    }
}
