using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>U-Nets written from diffusers' weights, against the exporter's graphs of them and against diffusers itself.</summary>
[Trait("Category", "Conformance")]
public sealed class UNetTests
{
    /// <summary>The exporter's own graphs are up to 2.3e-6 from torch; two ways of adding in float32 from each other.</summary>
    private const double Tolerance = 5e-6;

    public static TheoryData<string> Families => ["sd15-tiny", "sd21-tiny", "sdxl-tiny", "sd15-inpaint-tiny", "lcm-tiny", "ip2p-tiny"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Answers_as_the_exporters_graph_does(string family)
    {
        var network = new PackNetwork(family, "unet");
        var shape = ConfigShapes.UNet(network.Config);
        var written = network.Write(writer => UNet.Write(shape, writer));
        foreach (var (rows, height, width, tokens) in ((long, long, long, long)[])[(1, 8, 8, 77), (2, 8, 12, 77), (3, 16, 4, 9)])
        {
            var feeds = FeedsOf(shape, rows, height, width, tokens);
            using var measure = new Measure($"networks/{family}/unet", $"{rows}x{height}x{width}");
            measure.Bound("furthest", Twins.Compare(written, PackNetwork.Exported(family, "unet"), feeds), Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void First_call_of_each_case_is_diffusers_own(string family)
    {
        var network = new PackNetwork(family, "unet");
        var shape = ConfigShapes.UNet(network.Config);
        // A LoRA's weights are others.
        Goldens.Check(network.Write(writer => UNet.Write(shape, writer)), family, "out_sample", json => json.GetProperty("task").GetString() != "lora");
    }

    [Fact]
    public void Attention_over_many_positions_answers_the_same()
    {
        var network = new PackNetwork("sdxl-tiny", "unet");
        var shape = ConfigShapes.UNet(network.Config) with { SampleSize = 128 };
        Assert.True(shape.HasManyCells(2));
        var written = network.Write(writer => UNet.Write(shape, writer));
        Assert.True(Twins.Compare(written, PackNetwork.Exported("sdxl-tiny", "unet"), FeedsOf(shape, 2, 16, 24, 77)) <= Tolerance);
    }

    [Fact]
    public void Rows_have_their_own_timesteps()
    {
        var network = new PackNetwork("sd15-tiny", "unet");
        var written = network.Write(writer => UNet.Write(ConfigShapes.UNet(network.Config), writer));
        using var denoiser = new Denoiser(OnnxGraph.Load(written, new SessionSettings()));
        Assert.True(denoiser.TimestepPerRow);
        Assert.Equal(4, denoiser.Channels);
        Assert.Null(TimestepProof.Check(denoiser, new LatentShape(4, 8, 8), 77));
    }

    [Fact]
    public void Weights_are_named_as_in_their_file_and_all_of_it_is_used()
    {
        var network = new PackNetwork("sd21-tiny", "unet");
        var written = network.Write(writer => UNet.Write(ConfigShapes.UNet(network.Config), writer));
        Assert.All(written.Weights, weight => Assert.Equal(
            weight.Value.Tensor.FirstRow == 0 ? weight.Value.Tensor.Name : $"{weight.Value.Tensor.Name}[{weight.Value.Tensor.FirstRow}]", weight.Key));
        Assert.True(written.Model.Length < 400_000);
        string file = Assert.Single(written.Weights.Values.Select(weight => weight.Tensor.Path).Distinct());
        Assert.Equal(SafetensorsFile.Read(file).Tensors.Values.Sum(tensor => tensor.Bytes), written.Weights.Values.Sum(weight => weight.Tensor.Bytes));
    }

    /// <summary>Made up, but for a timestep in the middle.</summary>
    internal static Dictionary<string, Feed> FeedsOf(UNetShape shape, long rows, long height, long width, long tokens)
    {
        var feeds = new Dictionary<string, Feed>
        {
            ["sample"] = Feed.Normal(1, rows, shape.InChannels, height, width),
            ["timestep"] = Feed.Of([.. Enumerable.Repeat(501f, (int)rows)]),
            ["encoder_hidden_states"] = Feed.Normal(2, rows, tokens, shape.TextWidth),
        };
        if (shape.GuidanceWidth is { } guidance) feeds["timestep_cond"] = Feed.Normal(3, rows, guidance);
        if (shape.Added is { } added)
        {
            feeds["text_embeds"] = Feed.Normal(4, rows, added.TextWidth);
            feeds["time_ids"] = new([rows, added.Sizes], [.. Enumerable.Range(0, (int)rows * added.Sizes).Select(i => i % 3 * 512f)]);
        }
        return feeds;
    }
}
