using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Darkroom.Imaging.Decoding;

namespace Darkroom.Imaging.Values;

/// <summary>The values of a picture's file at the depth that it has: arrays, and PNG files of 16 bits, of which <see cref="PictureDecoder"/> keeps 8.</summary>
public static class ValuesDecoder
{
    /// <summary>The values of an upload, or why it is refused. Bad input never throws.</summary>
    /// <param name="file">PNG, JPEG, WebP or npy.</param>
    /// <param name="limits">As for pixels.</param>
    /// <param name="channels">Channels that it is to have. A grey picture fits three, by having three alike; no other is converted.</param>
    /// <param name="values">What it holds.</param>
    /// <param name="fault">Why nothing.</param>
    /// <param name="cancellation">The caller gave up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static bool TryDecode(ReadOnlyMemory<byte> file, PictureLimits limits, int channels, [NotNullWhen(true)] out PictureValues? values,
        [NotNullWhen(false)] out PictureFault? fault, CancellationToken cancellation = default)
    {
        values = null;
        if (!PictureDecoder.TryInspect(file.Span, limits, out var header, out fault)) return false;
        if (header.Array is { } array) return NpyReader.TryRead(file.Span, array, channels, out values, out fault);
        if (!PictureDecoder.TryDecode(file, limits, header.Bits == 16, out var picture, out fault, cancellation)) return false;
        int own = header.Bits == 16 ? picture.Channels / 2 : picture.Channels;
        if (own != channels && !(own == 1 && channels == 3))
        {
            fault = OtherChannels(own, channels);
            return false;
        }
        values = header.Bits == 16
            ? ValueConversion.FromShorts(MemoryMarshal.Cast<byte, ushort>(picture.Pixels), picture.Width, picture.Height)
            : ValueConversion.FromBytes(picture.Pixels, picture.Width, picture.Height);
        if (own != channels) values = values with { Planes = [.. values.Planes, .. values.Planes, .. values.Planes] };
        return true;
    }

    /// <summary>
    /// What is said of a picture whose channels are not those of a model's pictures: nothing is known of what they mean, so none are converted.
    /// </summary>
    public static PictureFault OtherChannels(int own, int wanted) => new(PictureFaultKind.OtherChannels,
        $"The picture has {Name(own)}, and the model's pictures have {Name(wanted)}; channels are not converted.", own, wanted);

    private static string Name(int channels) => channels switch
    {
        1 => "1 channel (grey)", 2 => "2 channels (grey and alpha in a picture's file)", 3 => "3 channels (colours)",
        4 => "4 channels (colours and alpha in a picture's file)", _ => $"{channels} channels",
    };
}
