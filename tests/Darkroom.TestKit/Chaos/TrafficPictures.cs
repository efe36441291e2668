using Darkroom.TestKit.Pictures;

namespace Darkroom.TestKit.Chaos;

/// <summary>Pictures to send, drawn by a seed.</summary>
internal static class TrafficPictures
{
    private const int Grey = 0, Colour = 2;

    /// <summary>Soft colours with some noise.</summary>
    public static string Photo(Random random, int width, int height)
    {
        var (red, green, blue) = (random.Next(256), random.Next(256), random.Next(256));
        byte[] noise = new byte[width * height];
        random.NextBytes(noise);
        return Png(width, height, Colour, (x, y) => [Mix(red, x), Mix(green, y), Mix(blue, noise[y * width + x] / 4)]);

        static byte Mix(int level, int by) => (byte)((level + by) & 255);
    }

    /// <summary>White in a rectangle that is not the whole.</summary>
    public static string Mask(Random random, int width, int height)
    {
        var (left, top) = (random.Next(width / 2), random.Next(height / 2));
        var (right, bottom) = (left + width / 4 + random.Next(width / 4), top + height / 4 + random.Next(height / 4));
        return Png(width, height, Grey, (x, y) => [x >= left && x < right && y >= top && y < bottom ? (byte)255 : (byte)0]);
    }

    private static string Png(int width, int height, int colour, Func<int, int, byte[]> pixel)
    {
        var lines = new List<byte>();
        for (int y = 0; y < height; y++)
        {
            lines.Add(0);
            for (int x = 0; x < width; x++) lines.AddRange(pixel(x, y));
        }
        return Convert.ToBase64String(PngBuilder.File(
            PngBuilder.Header((uint)width, (uint)height, 8, colour), PngBuilder.Chunk("IDAT", PngBuilder.Zlib([.. lines])), PngBuilder.End));
    }
}
