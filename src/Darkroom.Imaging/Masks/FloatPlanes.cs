using System.Runtime.Intrinsics;

namespace Darkroom.Imaging.Masks;

/// <summary>
/// Colours times weight, and the weight, as four floats a pixel. What <see cref="SurroundingFill"/>
/// blurs, for 8 bits leave nothing of a colour at a weight of 1 %.
/// </summary>
internal sealed class FloatPlanes(int width, int height)
{
    private Vector128<float>[] other = new Vector128<float>[width * height];

    /// <summary>Red, green and blue times weight (0…255), weight (0…1); line by line.</summary>
    public Vector128<float>[] Values { get; private set; } = new Vector128<float>[width * height];

    /// <summary>A Gaussian as three whole-pixel boxes; beyond the edge lies nothing, so that weights stay true.</summary>
    /// <param name="sigma">Standard deviation in pixels.</param>
    public FloatPlanes Blurred(int sigma)
    {
        int radius = (int)Math.Round((Math.Sqrt(4.0 * sigma * sigma + 1) - 1) / 2);
        if (radius == 0) return this;
        var blurred = new FloatPlanes(width, height);
        Values.CopyTo(blurred.Values, 0);
        for (int pass = 0; pass < 3; pass++)
        {
            blurred.AlongLines(radius);
            blurred.AlongColumns(radius);
        }
        return blurred;
    }

    private void AlongLines(int radius)
    {
        float share = 1f / (2 * radius + 1);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<Vector128<float>> line = Values.AsSpan(y * width, width);
            var target = other.AsSpan(y * width, width);
            var sum = Vector128<float>.Zero;
            for (int x = 0; x < Math.Min(radius, width); x++) sum += line[x];
            for (int x = 0; x < width; x++)
            {
                if (x + radius < width) sum += line[x + radius];
                if (x > radius) sum -= line[x - radius - 1];
                target[x] = sum * share;
            }
        }
        (Values, other) = (other, Values);
    }

    private void AlongColumns(int radius)
    {
        float share = 1f / (2 * radius + 1);
        var sums = new Vector128<float>[width];
        for (int y = 0; y < Math.Min(radius, height); y++) Add(sums, y, 1);
        for (int y = 0; y < height; y++)
        {
            if (y + radius < height) Add(sums, y + radius, 1);
            if (y > radius) Add(sums, y - radius - 1, -1);
            var target = other.AsSpan(y * width, width);
            for (int x = 0; x < width; x++) target[x] = sums[x] * share;
        }
        (Values, other) = (other, Values);
    }

    private void Add(Span<Vector128<float>> sums, int y, float sign)
    {
        ReadOnlySpan<Vector128<float>> line = Values.AsSpan(y * width, width);
        for (int x = 0; x < line.Length; x++) sums[x] += line[x] * sign;
    }
}
