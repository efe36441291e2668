using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Tests.Upscaling;

public sealed class UpscalerTests
{
    [Fact]
    public void A_free_graph_takes_any_size_and_any_batch()
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph { Scale = 3 });
        Assert.Equal(new UpscalerTraits(3, 3, null, null, true, 1, null), upscaler.Traits);
        Assert.Equal(3, upscaler.Description.Scale);
    }

    [Fact]
    public void A_fixed_graph_says_its_size() => AssertTraits(
        new UpscalerTraits(2, 3, 24, 16, false, 1, null), new TinyGraph { Input = [1, 3, 16, 24] });

    [Fact]
    public void A_graph_with_one_fixed_side_is_free_in_the_other() => AssertTraits(
        new UpscalerTraits(2, 3, null, 16, true, 1, null), new TinyGraph { Input = [null, 3, 16, null] });

    [Fact]
    public void A_graph_of_one_channel_and_one_of_unnamed_channels_are_taken()
    {
        AssertTraits(new UpscalerTraits(2, 1, null, null, true, 1, null), new TinyGraph { Input = [null, 1, null, null] });
        AssertTraits(new UpscalerTraits(2, 3, null, null, true, 1, null), new TinyGraph { Input = [null, null, null, null] });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Sizes_that_a_graph_needs_are_found_out(int multiple) => AssertTraits(
        new UpscalerTraits(4, 3, null, null, true, multiple, null), new TinyGraph { Scale = 4, Multiple = multiple });

    [Fact]
    public void What_the_file_states_of_multiple_and_radius_is_believed() => AssertTraits(
        new UpscalerTraits(2, 3, null, null, true, 4, 11),
        new TinyGraph { Properties = new Dictionary<string, string> { ["tile_multiple"] = "4", ["receptive_radius"] = "11", ["scale"] = "7" } });

    [Fact]
    public void Float16_goes_in_and_out()
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph { InHalf = true });
        float[] answer = new float[12 * 4];
        upscaler.RunTiles(2, 2, [new TileBuffers(new float[] { 0, 0.25f, 0.5f, 1, 0, 0, 0, 0, 0, 0, 0, 0 }, answer)]);
        Assert.Equal([0, 0, 0.25f, 0.25f, 0, 0, 0.25f, 0.25f, 0.5f, 0.5f, 1, 1], answer[..12]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tiles_of_strangers_share_a_call_and_get_their_own_answers(bool free)
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph { Input = [free ? null : 1, 3, null, null] });
        Assert.Equal(free, upscaler.Traits.SharesBatch);
        TileBuffers[] tiles = [.. Enumerable.Range(1, 3).Select(value => new TileBuffers(Enumerable.Repeat(value / 4f, 12).ToArray(), new float[48]))];
        upscaler.RunTiles(2, 2, tiles);
        for (int i = 0; i < 3; i++) Assert.All(tiles[i].Output.ToArray(), value => Assert.Equal((i + 1) / 4f, value));
    }

    [Fact]
    public void Colours_go_through_a_grey_graph_one_by_one()
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph { Input = [1, 1, null, null] });
        float[] answer = new float[12];
        upscaler.RunTiles(1, 1, [new TileBuffers(new[] { 0.1f, 0.2f, 0.3f }, answer)]);
        Assert.Equal([0.1f, 0.1f, 0.1f, 0.1f, 0.2f, 0.2f, 0.2f, 0.2f, 0.3f, 0.3f, 0.3f, 0.3f], answer);
    }

    [Fact]
    public void Graphs_that_are_no_upscalers_say_what_they_are()
    {
        Assert.Contains("tiny.onnx: takes picture, more1 and gives", Refusal(new TinyGraph { Inputs = 2 }));
        Assert.Contains("'picture' is [-1, 4, -1, -1]", Refusal(new TinyGraph { Input = [null, 4, null, null] }));
        Assert.Contains("'picture' is [2, 3, -1, -1]", Refusal(new TinyGraph { Input = [2, 3, null, null] }));
        Assert.Contains("no picture a whole number of times as large", Refusal(new TinyGraph { Scale = 17 }));
    }

    [Fact]
    public void Tiles_of_another_length_than_their_size_are_refused()
    {
        using var upscaler = UpscalersFolder.Load(new TinyGraph());
        Assert.Throws<ArgumentException>(() => upscaler.RunTiles(2, 2, [new TileBuffers(new float[11], new float[44])]));
        Assert.Throws<ArgumentException>(() => upscaler.RunTiles(2, 2, [new TileBuffers(new float[12], new float[12])]));
    }

    private static void AssertTraits(UpscalerTraits expected, TinyGraph graph)
    {
        using var upscaler = UpscalersFolder.Load(graph);
        Assert.Equal(expected, upscaler.Traits);
    }

    private static string Refusal(TinyGraph graph) => Assert.Throws<GraphException>(() => UpscalersFolder.Load(graph).Dispose()).Message;
}
