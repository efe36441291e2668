using Darkroom.Imaging.Tiles;

namespace Darkroom.Imaging.Tests.Tiles;

public sealed class PlaneTilesTests
{
    [Theory]
    [InlineData(20, 8, 4, 1)]
    [InlineData(16, 16, 8, 2)]
    [InlineData(100, 16, 8, 2)]
    public void Tiles_that_agree_give_the_planes_back(int core, int overlap, int fade, int scale)
    {
        const int Channels = 2;
        foreach (var (width, height) in new[] { (1, 1), (50, 7), (53, 37) })
        {
            float[] planes = [.. Enumerable.Range(0, Channels * width * height).Select(i => (float)Math.Sin(i) * 100)];
            var plan = TilePlan.Make(width, height, core, overlap);
            var tiles = new PlaneTiles(plan, scale, Channels, fade);
            while (!tiles.IsDone)
            {
                var window = plan[tiles.Done].Window;
                var values = new float[Channels * window.Width * window.Height];
                PlaneTiles.Read(planes, width, height, window, values);
                tiles.Add(Enlarged(values, Channels, window.Width, window.Height, scale));
            }
            var expected = Enlarged(planes, Channels, width, height, scale);
            Assert.Equal(expected.Length, tiles.Values.Length);
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], tiles.Values[i], 1e-4);
        }
    }

    private static float[] Enlarged(float[] planes, int channels, int width, int height, int scale)
    {
        var result = new float[planes.Length * scale * scale];
        for (int c = 0; c < channels; c++)
            for (int y = 0; y < height * scale; y++)
                for (int x = 0; x < width * scale; x++)
                    result[(c * height * scale + y) * width * scale + x] = planes[(c * height + y / scale) * width + x / scale];
        return result;
    }
}
