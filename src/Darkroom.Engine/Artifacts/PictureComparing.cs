using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Values;

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
        return new(sent.Pixels.Length, equal, largest, Matches(order, modelHash));
    }

    /// <summary>The same at the depth of the request, of whatever channels.</summary>
    /// <param name="sent">What was sent; null: it has other channels than what is made.</param>
    /// <param name="made">The file that was made.</param>
    /// <param name="request">What made it.</param>
    /// <param name="modelHash">Content hash of the model that made the file.</param>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static PictureComparison Of(PictureValues? sent, ReadOnlyMemory<byte> made, GenerationRequest request, string modelHash)
    {
        if (!ValuesDecoder.TryDecode(made, PictureLimits.Default, request.Channels, out var values, out var fault))
            throw new InvalidDataException(fault.Message);
        bool? matches = Matches(request.Verify!, modelHash);
        if (sent is null || (sent.Width, sent.Height) != (values.Width, values.Height)) return new(values.Planes.Length, 0, null, matches);
        double steps = (1 << Math.Min(request.BitDepth, 16)) - 1;
        long equal = 0;
        int largest = 0;
        for (int i = 0; i < values.Planes.Length; i++)
        {
            int difference = (int)Math.Round(Math.Abs(sent.Planes[i] - values.Planes[i]) / 2 * steps);
            if (difference == 0) equal++;
            else largest = Math.Max(largest, difference);
        }
        return new(values.Planes.Length, equal, largest, matches);
    }

    private static bool? Matches(VerifyOrder order, string modelHash) =>
        order.ModelHash is not { Length: > 0 } hash || modelHash.Length == 0 ? null : modelHash.StartsWith(hash, StringComparison.OrdinalIgnoreCase);

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
