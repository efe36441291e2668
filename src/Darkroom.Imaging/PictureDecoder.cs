using System.Runtime.InteropServices;
using NetVips;

namespace Darkroom.Imaging;

/// <summary>PNG, JPEG and WebP files as pixels. The format is told by magic bytes alone, and only that format's reader sees the file.</summary>
public static class PictureDecoder
{
    /// <summary>The pixels as stored: 8-bit PNG exactly, palettes and 1…4-bit greys spread to 8 bits, 16 bits cut to the upper 8, CMYK as sRGB; of an animation the first frame.</summary>
    /// <exception cref="PictureFormatException">Not a PNG, JPEG or WebP file, or a broken one.</exception>
    public static Picture Decode(ReadOnlyMemory<byte> file)
    {
        var format = PictureInfo.TypeOf(file.Span) ?? throw new PictureFormatException("Not a PNG, JPEG or WebP file.");
        VipsRuntime.Ensure();
        try
        {
            using var stored = Open(WholeArray(file), format);
            if ((long)stored.Width * stored.Height * stored.Bands > Array.MaxLength)
                throw new PictureFormatException($"A picture of {stored.Width} x {stored.Height} pixels is too large to decode.");
            using var pixels = ToBytes(stored);
            return new Picture(pixels.Width, pixels.Height, pixels.Bands, pixels.WriteToMemory<byte>());
        }
        catch (VipsException fault)
        {
            throw new PictureFormatException($"The {format.ToString().ToUpperInvariant()} file is broken.", fault);
        }
    }

    private static Image Open(byte[] file, PictureFormat format) => format switch
    {
        PictureFormat.Png => Image.PngloadBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        PictureFormat.Jpeg => Image.JpegloadBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        _ => Image.WebploadBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
    };

    private static Image ToBytes(Image stored) => stored switch
    {
        { Interpretation: Enums.Interpretation.Cmyk } => stored.Colourspace(Enums.Interpretation.Srgb),
        { Format: Enums.BandFormat.Uchar } => stored.Copy(),
        // Pillow, too, keeps the upper byte of 16 bits.
        _ => stored.Cast(Enums.BandFormat.Uchar, shift: true),
    };

    // NetVips takes whole arrays only; most callers hold one.
    private static byte[] WholeArray(ReadOnlyMemory<byte> file) =>
        MemoryMarshal.TryGetArray(file, out var segment) && segment is { Array: { } array, Offset: 0 } && segment.Count == array.Length ? array : file.ToArray();
}
