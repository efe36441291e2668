namespace Darkroom.Imaging;

/// <summary>A map of how much of something there is where in a picture, laid over it.</summary>
public static class HeatMap
{
    /// <summary>The picture beneath is grey and this much of its brightness: on light and dark pages alike only the map has colour.</summary>
    private const float Beneath = 0.6f;

    /// <summary>How much of the picture the map hides where there is nothing and where there is most.</summary>
    private const float MinCover = 0.2f, MaxCover = 0.85f;

    /// <summary>matplotlib's "inferno" at every eighth: as much brighter at each step, so that it reads in grey and to the colour-blind too.</summary>
    private static readonly (int Red, int Green, int Blue)[] Colours =
        [(0, 0, 4), (31, 12, 72), (85, 15, 109), (136, 34, 106), (186, 54, 85), (227, 89, 51), (249, 140, 10), (249, 201, 50), (252, 255, 164)];

    /// <param name="picture">Three or four channels; its transparency is left out.</param>
    /// <param name="map">[height, width] of any size; drawn from its least value to its greatest, smoothly.</param>
    public static Picture Over(Picture picture, ReadOnlySpan<float> map, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(picture);
        float min = float.MaxValue, max = float.MinValue;
        foreach (float value in map) (min, max) = (Math.Min(min, value), Math.Max(max, value));
        float range = max > min ? max - min : 1;
        byte[] pixels = new byte[picture.Width * picture.Height * 3];
        int channels = picture.Channels;
        for (int y = 0; y < picture.Height; y++)
        {
            float down = (y + 0.5f) * height / picture.Height - 0.5f;
            for (int x = 0; x < picture.Width; x++)
            {
                float value = Math.Clamp((At(map, height, width, down, (x + 0.5f) * width / picture.Width - 0.5f) - min) / range, 0, 1);
                int at = y * picture.Width + x;
                var from = picture.Pixels.AsSpan(at * channels, channels);
                float grey = channels < 3 ? from[0] : 0.299f * from[0] + 0.587f * from[1] + 0.114f * from[2]; // ITU-R BT.601
                float cover = MinCover + (MaxCover - MinCover) * value;
                var (red, green, blue) = ColourOf(value);
                pixels[3 * at] = Mixed(red);
                pixels[3 * at + 1] = Mixed(green);
                pixels[3 * at + 2] = Mixed(blue);

                byte Mixed(float colour) => (byte)Math.Clamp(MathF.Round(colour * cover + grey * Beneath * (1 - cover)), 0, 255);
            }
        }
        return new Picture(picture.Width, picture.Height, 3, pixels);
    }

    private static (float Red, float Green, float Blue) ColourOf(float value)
    {
        float place = value * (Colours.Length - 1);
        int first = Math.Min((int)place, Colours.Length - 2);
        var (from, to, part) = (Colours[first], Colours[first + 1], place - first);
        return (from.Red + (to.Red - from.Red) * part, from.Green + (to.Green - from.Green) * part, from.Blue + (to.Blue - from.Blue) * part);
    }

    /// <summary>Through Catmull and Rom's cubic, edges repeated: cells of a small map do not show.</summary>
    private static float At(ReadOnlySpan<float> map, int height, int width, float y, float x)
    {
        int top = (int)MathF.Floor(y), left = (int)MathF.Floor(x);
        Span<float> down = stackalloc float[4], across = stackalloc float[4];
        Weigh(y - top, down);
        Weigh(x - left, across);
        float sum = 0;
        for (int i = 0; i < 4; i++)
        {
            var row = map.Slice(Math.Clamp(top + i - 1, 0, height - 1) * width, width);
            for (int j = 0; j < 4; j++) sum += row[Math.Clamp(left + j - 1, 0, width - 1)] * down[i] * across[j];
        }
        return sum;
    }

    private static void Weigh(float part, Span<float> weights)
    {
        float square = part * part, cube = square * part;
        weights[0] = 0.5f * (-cube + 2 * square - part);
        weights[1] = 0.5f * (3 * cube - 5 * square + 2);
        weights[2] = 0.5f * (-3 * cube + 4 * square + part);
        weights[3] = 0.5f * (cube - square);
    }
}
