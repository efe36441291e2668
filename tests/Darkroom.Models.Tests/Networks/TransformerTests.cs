using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>Transformers written from diffusers' weights, against the exporter's graphs and diffusers' own calls.</summary>
[Trait("Category", "Conformance")]
public sealed class TransformerTests
{
    private const double Tolerance = 5e-6;

    [Fact]
    public void Stable_Diffusion_3_answers_as_the_exporters_graph_does()
    {
        var written = StableDiffusion3(out var shape);
        using var measure = new Measure("networks/sd3-tiny", "transformer");
        foreach (var (rows, height, width, tokens) in ((long, long, long, long)[])[(1, 8, 8, 154), (2, 12, 6, 333), (3, 4, 16, 5)])
            measure.Bound($"{rows}x{height}x{width}", Twins.Compare(written, PackNetwork.Exported("sd3-tiny", "transformer"), new Dictionary<string, Feed>
            {
                ["hidden_states"] = Feed.Normal(1, rows, shape.Channels, height, width),
                ["encoder_hidden_states"] = Feed.Normal(2, rows, tokens, shape.TextWidth),
                ["pooled_projections"] = Feed.Normal(3, rows, shape.PooledWidth),
                ["timestep"] = Feed.Of([.. Enumerable.Range(0, (int)rows).Select(row => 900f - 301 * row)]),
            }), Tolerance);
    }

    [Fact]
    public void Flux_answers_as_the_exporters_graph_does()
    {
        var written = Flux(packed: true, out var shape);
        using var measure = new Measure("networks/flux-tiny", "transformer, packed");
        foreach (var (rows, height, width, tokens) in ((long, long, long, long)[])[(1, 4, 4, 128), (2, 6, 3, 9)])
        {
            var feeds = FluxFeeds(shape, rows, tokens);
            feeds["hidden_states"] = Feed.Normal(1, rows, height * width, shape.InChannels);
            feeds["img_ids"] = new([height * width, 3], [.. Enumerable.Range(0, (int)(height * width)).SelectMany(i => (float[])[0, i / width, i % width])]);
            feeds["txt_ids"] = new([tokens, 3], new float[tokens * 3]);
            measure.Bound($"{rows}x{height}x{width}", Twins.Compare(written, PackNetwork.Exported("flux-tiny", "transformer"), feeds), Tolerance);
        }
    }

    [Fact]
    public void Flux_packs_latents_itself_where_it_is_asked_to()
    {
        const int Rows = 2, Height = 6, Width = 8, Tokens = 11;
        using OnnxGraph whole = OnnxGraph.Load(Flux(packed: false, out var shape), new SessionSettings()),
            packed = OnnxGraph.Load(Flux(packed: true, out _), new SessionSettings());
        var feeds = FluxFeeds(shape, Rows, Tokens);
        var latents = Feed.Normal(4, Rows, 16, Height, Width);
        var theirs = new Dictionary<string, Feed>(feeds)
        {
            ["hidden_states"] = Pack(latents),
            ["img_ids"] = new([12, 3], [.. Enumerable.Range(0, 12).SelectMany(i => (float[])[0, i / 4, i % 4])]),
            ["txt_ids"] = new([Tokens, 3], new float[Tokens * 3]),
        };
        feeds["hidden_states"] = latents;
        var (given, wanted) = (Twins.Run(whole, feeds)["out_hidden_states"], Twins.Run(packed, theirs)["out_hidden_states"]);
        Assert.True(Twins.Furthest("out_hidden_states", wanted, Pack(given)) <= Tolerance);
    }

    /// <summary>What the cases hold of their texts is rounded to float16, so the exporter's graph is asked what it makes of that.</summary>
    [Theory]
    [InlineData("sd3-tiny")]
    [InlineData("flux-tiny")]
    public void First_call_of_each_case_is_the_exporters(string family)
    {
        using OnnxGraph ours = OnnxGraph.Load(family == "sd3-tiny" ? StableDiffusion3(out _) : Flux(packed: true, out _), new SessionSettings()),
            exported = OnnxGraph.Load(PackNetwork.Exported(family, "transformer"), new SessionSettings());
        foreach (var (name, json) in Goldens.Cases(family))
        {
            var golden = ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors");
            var feeds = Goldens.FeedsOf(family, json, golden);
            long tokens = feeds["encoder_hidden_states"].Shape[1];
            feeds.TryAdd("txt_ids", new([tokens, 3], new float[tokens * 3]));
            var (given, wanted) = (Twins.Run(ours, feeds)["out_hidden_states"], Twins.Run(exported, feeds)["out_hidden_states"]);
            using var measure = new Measure($"networks/{family}/transformer", name);
            measure.Bound("first call", Twins.Furthest("out_hidden_states", wanted, given), Tolerance);
            measure.Close("diffusers' own", golden["denoiser_0.output"].Values, given.Values, 2e-3, counts: false);
        }
    }

    [Fact]
    public void DiT_answers_as_the_exporters_graph_does()
    {
        var written = DiTGraph(out var shape);
        using var measure = new Measure("networks/dit-tiny", "transformer");
        measure.Bound("furthest", Twins.Compare(written, PackNetwork.Exported("dit-tiny", "transformer"), new Dictionary<string, Feed>
        {
            ["hidden_states"] = Feed.Normal(1, 3, shape.InChannels, shape.SampleSize, shape.SampleSize),
            ["timestep"] = Feed.Of(999, 500, 1),
            ["class_labels"] = Feed.Of(1000, 3, 77),
        }), Tolerance);
        Goldens.Check(written, "dit-tiny", "out_hidden_states");
    }

    private static WrittenGraph StableDiffusion3(out StableDiffusion3Shape shape)
    {
        var network = new PackNetwork("sd3-tiny", "transformer");
        var read = shape = ConfigShapes.StableDiffusion3(network.Config);
        return network.Write(writer => StableDiffusion3Transformer.Write(read, writer));
    }

    private static WrittenGraph Flux(bool packed, out FluxShape shape)
    {
        var network = new PackNetwork("flux-tiny", "transformer");
        var read = shape = ConfigShapes.Flux(network.Config) with { IsPacked = packed };
        return network.Write(writer => FluxTransformer.Write(read, writer));
    }

    private static WrittenGraph DiTGraph(out DiTShape shape)
    {
        var network = new PackNetwork("dit-tiny", "transformer");
        var read = shape = ConfigShapes.DiT(network.Config);
        return network.Write(writer => DiT.Write(read, writer));
    }

    private static Dictionary<string, Feed> FluxFeeds(FluxShape shape, long rows, long tokens) => new()
    {
        ["encoder_hidden_states"] = Feed.Normal(2, rows, tokens, shape.TextWidth),
        ["pooled_projections"] = Feed.Normal(3, rows, shape.PooledWidth),
        ["timestep"] = Feed.Of([.. Enumerable.Range(0, (int)rows).Select(row => 0.9f - 0.3f * row)]),
        ["guidance"] = Feed.Of([.. Enumerable.Range(0, (int)rows).Select(row => 3.5f + row)]),
    };

    /// <summary>[B, C, h, w] → [B, h/2 · w/2, 4C]: C, then a patch's rows and columns.</summary>
    private static Feed Pack(Feed latents)
    {
        var (rows, channels, height, width) = ((int)latents.Shape[0], (int)latents.Shape[1], (int)latents.Shape[2], (int)latents.Shape[3]);
        var values = new List<float>();
        for (int b = 0; b < rows; b++)
            for (int y = 0; y < height; y += 2)
                for (int x = 0; x < width; x += 2)
                    for (int c = 0; c < channels; c++)
                        foreach (var (dy, dx) in ((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1)])
                            values.Add(latents.Values[((b * channels + c) * height + y + dy) * width + x + dx]);
        return new([rows, height / 2 * width / 2, 4 * channels], [.. values]);
    }
}
