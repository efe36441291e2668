namespace Darkroom.Imaging.Masks;

/// <summary>Puts what was painted into the picture it came from: diffusers' <c>apply_overlay</c> with Pillow's integer arithmetic.</summary>
public static class Overlay
{
    /// <summary>Bits below a level while alphas are weighed.</summary>
    private const int Precision = 7;

    /// <summary>
    /// The original over the painted picture, as far as the mask is not white. Where the mask is
    /// 0 every byte is the original's, where it is 255 the painted one's.
    /// </summary>
    /// <param name="mask">Grey, the original's size.</param>
    /// <param name="original">RGB or RGBA (its alpha counts where the mask is grey).</param>
    /// <param name="painted">RGB, the original's size.</param>
    /// <returns>RGB.</returns>
    public static Picture Apply(Picture mask, Picture original, Picture painted)
    {
        MaskArithmetic.Grey(mask);
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(painted);
        if (mask.Bounds != original.Bounds || mask.Bounds != painted.Bounds)
            throw new ArgumentException($"Mask {mask.Bounds}, original {original.Bounds} and painted picture {painted.Bounds} differ in size.", nameof(mask));
        if (painted.Channels != 3 || original.Channels is not (3 or 4))
            throw new ArgumentException("The painted picture is RGB, the original RGB or RGBA.", nameof(painted));
        var result = painted with { Pixels = [.. painted.Pixels] };
        for (int pixel = 0; pixel < mask.Pixels.Length; pixel++)
        {
            var source = original.Pixels.AsSpan(pixel * original.Channels, original.Channels);
            Blend(source, 255 - mask.Pixels[pixel], result.Pixels.AsSpan(pixel * 3, 3));
        }
        return result;
    }

    private static void Blend(ReadOnlySpan<byte> source, int kept, Span<byte> target)
    {
        int opacity = source.Length == 4 ? source[3] : 255;
        int alpha = AlphaChannel.Over255(opacity * kept);
        if (alpha == 0) return;
        uint over = (uint)alpha * 255 * (1 << Precision) / 255, under = 255 * (1 << Precision) - over;
        for (int channel = 0; channel < 3; channel++)
        {
            // Premultiplied, masked, and divided again, with the small loss that the reference has there.
            int colour = AlphaChannel.Over255(AlphaChannel.Over255(source[channel] * opacity) * kept);
            if (alpha < 255) colour = Math.Min(255, 255 * colour / alpha);
            uint sum = (uint)colour * over + target[channel] * under + (0x80 << Precision);
            target[channel] = (byte)(((sum >> 8) + sum) >> 8 >> Precision);
        }
    }

    /// <summary>The picture with a part of it replaced; what was painted is resized to the part (Lanczos, cropped to its aspect).</summary>
    /// <param name="picture">RGB; not changed.</param>
    public static Picture Paste(Picture picture, Picture painted, PixelRect part)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var whole = picture with { Pixels = [.. picture.Pixels] };
        whole.Paste(Resize.PictureFit.To(painted, part.Width, part.Height, Resize.ResizeMode.Crop), part.X, part.Y);
        return whole;
    }
}
