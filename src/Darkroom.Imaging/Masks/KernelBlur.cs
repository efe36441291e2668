namespace Darkroom.Imaging.Masks;

/// <summary>
/// The blur that A1111 gives masks, byte for byte OpenCV's <c>GaussianBlur</c> of 8-bit pictures: one pass along the lines and one along the columns by a
/// kernel of 2·⌊2.5σ + ½⌋ + 1 weights in 8 bits of fixed point, levels rounded after each, the picture mirrored at its edges.
/// </summary>
public static class KernelBlur
{
    private const int Bits = 8;

    /// <param name="mask">Grey.</param>
    /// <param name="sigma">Standard deviation in pixels, at least 0; 0 gives the mask back.</param>
    public static Picture Run(Picture mask, double sigma)
    {
        MaskArithmetic.Grey(mask);
        ArgumentOutOfRangeException.ThrowIfNegative(sigma);
        if (sigma == 0) return mask;
        int[] kernel = Kernel(sigma);
        var along = mask with { Pixels = new byte[mask.Pixels.Length] };
        for (int y = 0; y < mask.Height; y++) Filter(mask.Pixels, along.Pixels, y * mask.Width, 1, mask.Width, kernel);
        var down = mask with { Pixels = new byte[mask.Pixels.Length] };
        for (int x = 0; x < mask.Width; x++) Filter(along.Pixels, down.Pixels, x, mask.Width, mask.Height, kernel);
        return down;
    }

    /// <summary>
    /// The weights, 256 in all: from the outside in each is rounded with what rounding left of those before it, and the middle one takes the rest.
    /// </summary>
    internal static int[] Kernel(double sigma)
    {
        int reach = (int)(2.5 * sigma + 0.5);
        double[] bell = [.. Enumerable.Range(-reach, 2 * reach + 1).Select(x => Math.Exp(-0.5 * x * x / (sigma * sigma)))];
        double sum = bell.Sum(), left = 0;
        var weights = new int[bell.Length];
        weights[reach] = 1 << Bits;
        for (int i = 0; i < reach; i++)
        {
            double exact = bell[i] / sum * (1 << Bits) + left;
            int weight = (int)Math.Round(exact, MidpointRounding.ToEven);
            left = exact - weight;
            weights[i] = weights[^(i + 1)] = weight;
            weights[reach] -= 2 * weight;
        }
        return weights;
    }

    private static void Filter(byte[] from, byte[] to, int first, int stride, int length, int[] kernel)
    {
        int reach = kernel.Length / 2;
        for (int place = 0; place < length; place++)
        {
            int sum = 1 << (Bits - 1);
            for (int k = 0; k < kernel.Length; k++) sum += kernel[k] * from[first + Mirrored(place + k - reach, length) * stride];
            to[first + place * stride] = (byte)Math.Clamp(sum >> Bits, byte.MinValue, byte.MaxValue);
        }
    }

    /// <summary>The pixel that stands beyond an edge: the edge's own is not repeated.</summary>
    private static int Mirrored(int place, int length)
    {
        if (length == 1) return 0;
        int period = 2 * (length - 1), within = ((place % period) + period) % period;
        return within < length ? within : period - within;
    }
}
