namespace Darkroom.Imaging.Masks;

/// <summary>Masks as numbers: inverted, cut at a half, brought to the latents' grid.</summary>
public static class MaskArithmetic
{
    /// <summary>255 - value.</summary>
    public static Picture Invert(Picture mask)
    {
        var inverted = Grey(mask) with { Pixels = [.. mask.Pixels] };
        foreach (ref byte value in inverted.Pixels.AsSpan()) value = (byte)~value;
        return inverted;
    }

    /// <summary>255 where value / 255 ≥ 0.5, else 0.</summary>
    public static Picture Binarize(Picture mask)
    {
        var sharp = Grey(mask) with { Pixels = [.. mask.Pixels] };
        foreach (ref byte value in sharp.Pixels.AsSpan()) value = value >= 128 ? byte.MaxValue : byte.MinValue;
        return sharp;
    }

    /// <summary>1 where the network repaints (value / 255 ≥ 0.5), else 0, on a coarser grid by nearest: the upper left pixel of each cell.</summary>
    /// <param name="width">Of the latents.</param>
    /// <param name="height">Of the latents.</param>
    /// <returns><c>[h, w]</c>; torch's <c>interpolate(mode="nearest")</c>.</returns>
    public static float[] ToLatents(Picture mask, int width, int height)
    {
        Grey(mask);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        float[] latents = new float[width * height];
        float across = (float)mask.Width / width, down = (float)mask.Height / height;
        for (int y = 0, at = 0; y < height; y++)
        {
            var row = mask.Row(Math.Min((int)(y * down), mask.Height - 1));
            for (int x = 0; x < width; x++) latents[at++] = row[Math.Min((int)(x * across), mask.Width - 1)] >= 128 ? 1 : 0;
        }
        return latents;
    }

    /// <summary>1 where the network repaints, else 0, on a coarser grid by Pillow's bicubic filter: A1111's masks.</summary>
    /// <param name="width">Of the latents.</param>
    /// <param name="height">Of the latents.</param>
    /// <returns><c>[h, w]</c></returns>
    public static float[] ToLatentsByBicubic(Picture mask, int width, int height) =>
        [.. Resize.Resampler.Resize(Grey(mask), width, height, Resize.ResampleFilter.Bicubic).Pixels.Select(value => value >= 128 ? 1f : 0f)];

    /// <summary>How much of each cell is repainted, 0…1, between the two pixels at its middle on each side: ComfyUI's masks.</summary>
    /// <param name="width">Of the latents.</param>
    /// <param name="height">Of the latents.</param>
    /// <returns><c>[h, w]</c>; torch's <c>interpolate(mode="bilinear")</c>.</returns>
    public static float[] ToLatentsByBilinear(Picture mask, int width, int height)
    {
        Grey(mask);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var latents = new float[width * height];
        for (int y = 0, at = 0; y < height; y++)
        {
            var (top, bottom, below) = Between(y, height, mask.Height);
            ReadOnlySpan<byte> upper = mask.Row(top), lower = mask.Row(bottom);
            for (int x = 0; x < width; x++)
            {
                var (left, right, after) = Between(x, width, mask.Width);
                float above = upper[left] + (upper[right] - upper[left]) * after, under = lower[left] + (lower[right] - lower[left]) * after;
                latents[at++] = (above + (under - above) * below) / byte.MaxValue;
            }
        }
        return latents;
    }

    /// <summary>The two pixels that a cell's middle lies between, and how far it is from the first.</summary>
    private static (int First, int Second, float Share) Between(int cell, int cells, int pixels)
    {
        float place = Math.Max((cell + 0.5f) * pixels / cells - 0.5f, 0);
        int first = Math.Min((int)place, pixels - 1);
        return (first, Math.Min(first + 1, pixels - 1), place - first);
    }

    /// <summary>Every level doubled, 255 at most: what A1111 lays a painted picture by, so that its soft edge lies outside of what is repainted.</summary>
    public static Picture Doubled(Picture mask)
    {
        var doubled = Grey(mask) with { Pixels = [.. mask.Pixels] };
        foreach (ref byte value in doubled.Pixels.AsSpan()) value = (byte)Math.Min(2 * value, byte.MaxValue);
        return doubled;
    }

    /// <summary>Each cell's mean, 0…1, on a coarser grid whose cells are whole pixels.</summary>
    /// <param name="width">Of the grid: the mask's width is a multiple of it.</param>
    /// <param name="height">Of the grid.</param>
    /// <returns><c>[h, w]</c>; 1 only where the whole cell is white.</returns>
    public static float[] MeanOfCells(Picture mask, int width, int height)
    {
        Grey(mask);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (mask.Width % width != 0 || mask.Height % height != 0)
            throw new ArgumentException($"{mask.Width} x {mask.Height} pixels have no whole cells on a grid of {width} x {height}.", nameof(mask));
        int across = mask.Width / width, down = mask.Height / height;
        var sums = new int[width * height];
        for (int y = 0; y < mask.Height; y++)
        {
            ReadOnlySpan<byte> row = mask.Row(y);
            for (int x = 0; x < row.Length; x++) sums[y / down * width + x / across] += row[x];
        }
        return [.. sums.Select(sum => sum / (255f * across * down))];
    }

    /// <summary>Whether nothing is repainted.</summary>
    public static bool IsEmpty(Picture mask) => Grey(mask).Pixels.AsSpan().IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The smallest rectangle with everything above 0; empty where there is nothing.</summary>
    public static PixelRect BoundsOf(Picture mask)
    {
        Grey(mask);
        int left = mask.Width, top = -1, right = 0, bottom = 0;
        for (int y = 0; y < mask.Height; y++)
        {
            ReadOnlySpan<byte> row = mask.Row(y);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first < 0) continue;
            if (top < 0) top = y;
            (left, right, bottom) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyExcept((byte)0) + 1), y + 1);
        }
        return top < 0 ? default : PixelRect.Between(left, top, right, bottom);
    }

    internal static Picture Grey(Picture mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return mask.Channels == 1 ? mask : throw new ArgumentException($"A mask has one channel, not {mask.Channels}.", nameof(mask));
    }
}
