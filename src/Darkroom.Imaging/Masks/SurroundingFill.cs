using System.Runtime.Intrinsics;

namespace Darkroom.Imaging.Masks;

/// <summary>
/// The fill <c>blur</c>: under the mask stand the colours of its surroundings, bled in
/// (AUTOMATIC1111's "fill"). Blurs of falling radius are laid over each other, so that far
/// inside there is a broad mean and next to the edge the colour of the edge.
/// </summary>
public static class SurroundingFill
{
    /// <summary>Standard deviation in pixels, and how often that blur is laid on.</summary>
    private static readonly (int Sigma, int Times)[] Layers = [(256, 1), (64, 1), (16, 2), (4, 4), (2, 2), (0, 1)];

    /// <summary>What stands where nothing around the mask is left to take colours from.</summary>
    private const byte Nothing = 127;

    /// <summary>Below this a weight is what rounding left of a running sum.</summary>
    private const float MinWeight = 1e-4f;

    /// <param name="picture">RGB.</param>
    /// <param name="mask">Grey, of the same size.</param>
    /// <returns>RGB: the picture where the mask is 0.</returns>
    public static Picture Run(Picture picture, Picture mask)
    {
        ArgumentNullException.ThrowIfNull(picture);
        MaskArithmetic.Grey(mask);
        if (picture.Channels != 3 || picture.Bounds != mask.Bounds) throw new ArgumentException("The picture is RGB and of the mask's size.", nameof(picture));
        var kept = Kept(picture, mask);
        var laid = new Vector128<float>[kept.Values.Length];
        foreach (var (sigma, times) in Layers)
        {
            var layer = kept.Blurred(sigma).Values;
            for (int time = 0; time < times; time++) Lay(layer, laid);
        }
        return Finish(picture, mask, laid);
    }

    private static FloatPlanes Kept(Picture picture, Picture mask)
    {
        var kept = new FloatPlanes(picture.Width, picture.Height);
        for (int pixel = 0, at = 0; pixel < mask.Pixels.Length; pixel++, at += 3)
            kept.Values[pixel] = Vector128.Create(picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2], 1f) * ((255 - mask.Pixels[pixel]) / 255f);
        return kept;
    }

    private static void Lay(ReadOnlySpan<Vector128<float>> layer, Span<Vector128<float>> laid)
    {
        for (int i = 0; i < laid.Length; i++) laid[i] = layer[i] + laid[i] * (1 - layer[i][3]);
    }

    private static Picture Finish(Picture picture, Picture mask, Vector128<float>[] laid)
    {
        var filled = picture with { Pixels = [.. picture.Pixels] };
        for (int pixel = 0; pixel < mask.Pixels.Length; pixel++)
        {
            if (mask.Pixels[pixel] == 0) continue;
            var colour = laid[pixel] / laid[pixel][3];
            for (int channel = 0; channel < 3; channel++)
                filled.Pixels[pixel * 3 + channel] = laid[pixel][3] > MinWeight ? (byte)Math.Clamp(colour[channel] + 0.5f, 0, 255) : Nothing;
        }
        return filled;
    }
}
