using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Tests.Upscaling;

/// <summary>The whole way on networks that repeat pixels: the result is known exactly.</summary>
public sealed class UpscaleRunTests
{
    private static readonly UpscaleTiling Small = new(16, 3);

    public static IEnumerable<TheoryDataRow<string, int>> GraphsAndChannels() =>
        from graph in new[] { "free", "fixed", "grey", "half", "multiple" } from channels in Enumerable.Range(1, 4)
            select new TheoryDataRow<string, int>(graph, channels);

    [Theory]
    [MemberData(nameof(GraphsAndChannels))]
    public void Every_pixel_is_repeated_whatever_the_graph_and_the_picture_are_like(string graph, int channels)
    {
        using var upscaler = UpscalersFolder.Load(graph switch
        {
            "fixed" => new TinyGraph { Input = [1, 3, 12, 20] },
            "grey" => new TinyGraph { Input = [null, 1, null, null] },
            "half" => new TinyGraph { InHalf = true },
            "multiple" => new TinyGraph { Multiple = 8 },
            _ => new TinyGraph(),
        });
        foreach (var (width, height) in new[] { (1, 1), (9, 40), (53, 37) })
        {
            var picture = Noise(width, height, channels);
            var larger = UpscaleAlone.Run(upscaler, picture, 2, Small);
            Assert.Equal((2 * width, 2 * height, channels), (larger.Width, larger.Height, larger.Channels));
            for (int y = 0; y < larger.Height; y++)
                for (int x = 0; x < larger.Width; x++)
                    for (int channel = 0; channel < (picture.HasAlpha ? channels - 1 : channels); channel++)
                        Assert.Equal(picture.Row(y / 2)[x / 2 * channels + channel], larger.Row(y)[x * channels + channel]);
        }
    }

    [Fact]
    public void Alpha_is_resampled_by_itself()
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph());
        var picture = Noise(30, 20, 4);
        var larger = UpscaleAlone.Run(upscaler, picture, 2, Small);
        var alpha = new Picture(30, 20, 1, [.. picture.Pixels.Where((_, i) => i % 4 == 3)]);
        Assert.Equal(Resampler.Resize(alpha, 60, 40).Pixels, larger.Pixels.Where((_, i) => i % 4 == 3));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.7)]
    [InlineData(3.0)]
    [InlineData(7.3)]
    public void Any_factor_gives_its_size_and_a_plain_picture_stays_plain(double factor)
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph());
        var picture = new Picture(21, 13, 3, [.. Enumerable.Repeat(new byte[] { 200, 3, 77 }, 21 * 13).SelectMany(pixel => pixel)]);
        var larger = UpscaleAlone.Run(upscaler, picture, factor, Small);
        Assert.Equal(UpscalePasses.TargetOf(21, 13, factor), (larger.Width, larger.Height));
        Assert.All(larger.Pixels.Chunk(3), pixel => Assert.Equal(new byte[] { 200, 3, 77 }, pixel));
    }

    [Fact]
    public void Tiles_of_several_runs_share_calls_and_give_what_each_gives_alone()
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph());
        Picture[] pictures = [Noise(40, 40, 3), Noise(40, 40, 1), Noise(40, 40, 4)];
        UpscaleRun[] runs = [.. pictures.Select(picture => new UpscaleRun(upscaler.Traits, picture, 3, Small))];
        while (runs.Any(run => !run.IsDone))
        {
            // As many tiles as a run likes, in its order; all of one size go together.
            var wanted = runs.SelectMany((run, i) => run.Wanted.Take(i + 1).Select(tile => (Run: run, Tile: tile)))
                .Select(one => (one.Run, one.Tile, Call: new TileBuffers(new float[one.Run.InputLength(one.Tile)], new float[one.Run.OutputLength(one.Tile)])))
                    .ToList();
            foreach (var (run, tile, call) in wanted) run.Read(tile, System.Runtime.InteropServices.MemoryMarshal.AsMemory(call.Input).Span);
            foreach (var group in wanted.GroupBy(one => (one.Tile.Input.Width, one.Tile.Input.Height)))
                upscaler.RunTiles(group.Key.Width, group.Key.Height, [.. group.Select(one => one.Call)]);
            foreach (var (run, tile, call) in wanted) run.Accept(tile, call.Output.Span);
        }
        for (int i = 0; i < runs.Length; i++)
        {
            Assert.Equal(runs[i].TileCount, runs[i].TilesDone);
            Assert.Equal(UpscaleAlone.Run(upscaler, pictures[i], 3, Small).Pixels, runs[i].Result().Pixels);
        }
    }

    [Fact]
    public void Tiles_of_one_pass_have_one_size_and_their_outputs_cover_it_once()
    {
        var run = new UpscaleRun(new UpscalerTraits(4, 3, null, null, true, 1, null), Noise(100, 70, 3), 4, new UpscaleTiling(32, 8));
        var tiles = run.Wanted.ToList();
        Assert.Equal(run.TileCount, tiles.Count);
        Assert.Single(tiles.Select(tile => (tile.Input.Width, tile.Input.Height)).Distinct());
        Assert.Equal(400 * 280, tiles.Sum(tile => tile.Output.Area));
    }

    [Fact]
    public void Answers_that_are_not_finite_or_out_of_turn_are_refused()
    {
        var run = new UpscaleRun(new UpscalerTraits(1, 3, null, null, true, 1, null), Noise(40, 8, 3), 1, Small);
        var tiles = run.Wanted.ToList();
        float[] answer = new float[run.OutputLength(tiles[0])];
        Assert.Throws<ArgumentException>(() => run.Accept(tiles[1], answer));
        answer[7] = float.NaN;
        Assert.Throws<GraphException>(() => run.Accept(tiles[0], answer));
        Assert.Throws<InvalidOperationException>(run.Result);
    }

    private static Picture Noise(int width, int height, int channels)
    {
        var random = new Random(width * 100 + height);
        byte[] pixels = new byte[width * height * channels];
        random.NextBytes(pixels);
        // Nothing hidden: what lies under alpha 0 is filled, which other tests look at.
        for (int i = channels - 1; channels is 2 or 4 && i < pixels.Length; i += channels) pixels[i] = Math.Max(pixels[i], (byte)1);
        return new Picture(width, height, channels, pixels);
    }
}
