namespace Darkroom.Imaging.Masks;

/// <summary>
/// The fill <c>blur</c>: under the mask stand the colours of its surroundings, bled in (AUTOMATIC1111's "fill"). Blurs of falling radius are laid over each other, so that far
/// inside there is a broad mean and next to the edge the colour of the edge.
/// </summary>
public static class SurroundingFill
{
    /// <summary>Standard deviation in pixels, and how often that blur is laid on.</summary>
    private static readonly (int Sigma, int Times)[] Layers = [(256, 1), (64, 1), (16, 2), (4, 4), (2, 2), (0, 1)];

    /// <summary>What stands where nothing around the mask is left to take colours from.</summary>
    private const byte Nothing = 127;

    /// <param name="picture">RGB.</param>
    /// <param name="mask">Grey, of the same size.</param>
    /// <returns>RGB: the picture where the mask is 0.</returns>
    public static Picture Run(Picture picture, Picture mask)
    {
        ArgumentNullException.ThrowIfNull(picture);
        MaskArithmetic.Grey(mask);
        if (picture.Channels != 3 || picture.Bounds != mask.Bounds) throw new ArgumentException("The picture is RGB and of the mask's size.", nameof(picture));
        var kept = Kept(picture, mask);
        float[] laid = new float[kept.Values.Length];
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
        for (int pixel = 0; pixel < mask.Pixels.Length; pixel++)
        {
            float weight = (255 - mask.Pixels[pixel]) / 255f;
            for (int channel = 0; channel < 3; channel++) kept.Values[pixel * 4 + channel] = picture.Pixels[pixel * 3 + channel] * weight;
            kept.Values[pixel * 4 + 3] = weight;
        }
        return kept;
    }

    private static void Lay(float[] layer, float[] laid)
    {
        for (int i = 0; i < laid.Length; i += 4)
        {
            float through = 1 - layer[i + 3];
            for (int channel = 0; channel < 4; channel++) laid[i + channel] = layer[i + channel] + through * laid[i + channel];
        }
    }

    private static Picture Finish(Picture picture, Picture mask, float[] laid)
    {
        var filled = picture with { Pixels = [.. picture.Pixels] };
        for (int pixel = 0; pixel < mask.Pixels.Length; pixel++)
        {
            if (mask.Pixels[pixel] == 0) continue;
            float weight = laid[pixel * 4 + 3];
            for (int channel = 0; channel < 3; channel++)
                filled.Pixels[pixel * 3 + channel] = weight > 1e-6f ? (byte)Math.Clamp(laid[pixel * 4 + channel] / weight + 0.5f, 0, 255) : Nothing;
        }
        return filled;
    }
}
