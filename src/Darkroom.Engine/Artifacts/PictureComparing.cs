using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;

namespace Darkroom.Engine.Artifacts;

/// <summary>Compares a picture that was sent with the same one made again.</summary>
internal static class PictureComparing
{
    /// <param name="sent">What was sent, without alpha.</param>
    /// <param name="made">The file that was made: formats that lose something lose it here too.</param>
    /// <param name="order">What is known of the picture that was sent.</param>
    /// <param name="modelHash">Content hash of the model that made the file.</param>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static PictureComparison Of(Picture sent, ReadOnlyMemory<byte> made, VerifyOrder order, string modelHash)
    {
        if (!PictureDecoder.TryDecode(made, PictureLimits.Default, out var picture, out var fault)) throw new InvalidDataException(fault.Message);
        var (equal, largest) = Compare(sent, picture.Flatten(255, 255, 255));
        return new(sent.Pixels.Length, equal, largest,
            order.ModelHash is not { Length: > 0 } hash || modelHash.Length == 0 ? null : modelHash.StartsWith(hash, StringComparison.OrdinalIgnoreCase));
    }

    private static (long Equal, int? Largest) Compare(Picture sent, Picture made)
    {
        if ((sent.Width, sent.Height, sent.Channels) != (made.Width, made.Height, made.Channels)) return (0, null);
        long equal = 0;
        int largest = 0;
        for (int i = 0; i < sent.Pixels.Length; i++)
        {
            int difference = Math.Abs(sent.Pixels[i] - made.Pixels[i]);
            if (difference == 0) equal++;
            else largest = Math.Max(largest, difference);
        }
        return (equal, largest);
    }
}
