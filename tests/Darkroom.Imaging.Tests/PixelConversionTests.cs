namespace Darkroom.Imaging.Tests;

public sealed class PixelConversionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_length_rounds_as_the_formula_says(int channels)
    {
        var random = new Random(3);
        for (int width = 1; width < 70; width++)
        {
            float[] planes = [.. Enumerable.Range(0, channels * width * 2).Select(_ => (float)(random.NextDouble() * 2.4 - 1.2))];
            var picture = PixelConversion.FromNetwork(planes, width, 2);
            Assert.Equal((width, 2, channels), (picture.Width, picture.Height, picture.Channels));
            for (int i = 0; i < picture.Pixels.Length; i++)
                Assert.Equal(Expected(planes[i % channels * width * 2 + i / channels]), picture.Pixels[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Halves_round_to_even_and_what_lies_outside_is_clipped(int width)
    {
        // 0 is 127.5 exactly; 1 / 255 and 3 / 255 are near 128 and 129.
        foreach (var (value, pixel) in new[]
                 {
                     (0f, 128), (-1f, 0), (1f, 255), (-7f, 0), (7f, 255), (float.NaN, 0), (float.NegativeInfinity, 0), (float.PositiveInfinity, 255),
                     (1f / 255, 128), (3f / 255, 129),
                 })
            Assert.All(PixelConversion.FromNetwork([.. Enumerable.Repeat(value, 3 * width)], width, 1).Pixels, actual => Assert.Equal(pixel, actual));
    }

    [Fact]
    public void Exact_halves_go_to_the_even_neighbour()
    {
        // Values of x whose x / 2 + 0.5 times 255 is k + 0.5 in float32; both parities of k are among them.
        var halves = Enumerable.Range(0, 255)
            .SelectMany(k => Enumerable.Range(-3, 7).Select(step => (float)((k + 0.5) / 255 * 2 - 1) + step * 6e-8f))
            .Where(x => (x * 0.5f + 0.5f) * 255f % 1 == 0.5f).ToArray();
        Assert.True(halves.Length > 60, $"only {halves.Length} halves");
        byte[] pixels = PixelConversion.FromNetwork(halves, halves.Length, 1).Pixels;
        Assert.All(pixels, pixel => Assert.Equal(0, pixel % 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Bytes_come_back_from_the_network_unchanged(int channels)
    {
        var picture = new Picture(16, 16, channels, [.. Enumerable.Range(0, 256 * channels).Select(value => (byte)(value * 7))]);
        float[] planes = PixelConversion.ToNetwork(picture);
        for (int i = 0; i < picture.Pixels.Length; i++)
            Assert.Equal(2f * (picture.Pixels[i] / 255f) - 1f, planes[i % channels * 256 + i / channels]);
        Assert.Equal(picture.Pixels, PixelConversion.FromNetwork(planes, 16, 16).Pixels);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PixelConversion.FromNetwork(new float[8], 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PixelConversion.FromNetwork([], 0, 2));
        Assert.Throws<ArgumentException>(() => PixelConversion.FromNetwork([], 65536, 65536));
        Assert.Throws<ArgumentException>(() => PixelConversion.ToNetwork(TestPictures.Slopes(2, 2, 4)));
        Assert.Throws<ArgumentException>(() => PixelConversion.ToNetwork(TestPictures.Slopes(2, 2, 3), new float[13]));
    }

    private static byte Expected(float x) => (byte)Math.Round(Math.Clamp(x / 2f + 0.5f, 0f, 1f) * 255f, MidpointRounding.ToEven);
}
