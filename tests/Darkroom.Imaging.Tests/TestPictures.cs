namespace Darkroom.Imaging.Tests;

/// <summary>Pictures made from a formula.</summary>
internal static class TestPictures
{
    /// <summary>Slopes with some noise, as a photograph has them; the same for the same arguments.</summary>
    public static Picture Slopes(int width, int height, int channels, int seed = 1)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[width * height * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            var (x, y, channel) = (i / channels % width, i / channels / width, i % channels);
            pixels[i] = (byte)Math.Clamp(x * 160 / width + y * 60 / height + channel * 10 + random.Next(9), 0, 255);
        }
        return new Picture(width, height, channels, pixels);
    }

    /// <summary>Every pixel the same.</summary>
    public static Picture Plain(int width, int height, params byte[] pixel) =>
        new(width, height, pixel.Length, [.. Enumerable.Repeat(pixel, width * height).SelectMany(value => value)]);

    /// <summary>All formats, each with 1 to 4 channels.</summary>
    public static IEnumerable<TheoryDataRow<PictureFormat, int>> FormatsAndChannels() =>
        from format in Enum.GetValues<PictureFormat>().Except([PictureFormat.Safetensors]) from channels in Enumerable.Range(1, 4) select new TheoryDataRow<PictureFormat, int>(format, channels);
}
