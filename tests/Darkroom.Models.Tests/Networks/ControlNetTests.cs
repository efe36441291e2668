using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>A ControlNet and the U-Net that takes its residuals, against the exporter's graphs and diffusers' own calls.</summary>
[Trait("Category", "Conformance")]
public sealed class ControlNetTests
{
    private const string Family = "controlnet-sd15-tiny";
    private const int Residuals = 7;

    [Theory]
    [InlineData(1f)]
    [InlineData(0.3f)]
    public void Residuals_are_the_exporters(float scale)
    {
        foreach (long rows in (long[])[1, 2])
        {
            var feeds = Shared(rows, 8, 12);
            var picture = Feed.Normal(3, rows, 3, 64, 96);
            var theirs = new Dictionary<string, Feed>(feeds) { ["conditioning_scale"] = new([], [scale]), ["controlnet_cond"] = picture };
            feeds["hint"] = Hint(picture);
            feeds["conditioning_scale"] = new([rows, Residuals], [.. Enumerable.Repeat(scale, (int)rows * Residuals)]);
            using OnnxGraph ours = OnnxGraph.Load(Write(ControlNet.Write), new SessionSettings()),
                exported = OnnxGraph.Load(PackNetwork.Exported(Family, "controlnet"), new SessionSettings());
            var (given, wanted) = (Twins.Run(ours, feeds), Twins.Run(exported, theirs));
            Assert.Equal(wanted.Keys, given.Keys);
            using var measure = new Measure($"networks/{Family}", $"controlnet {rows} {scale}");
            foreach (string name in wanted.Keys) measure.Bound(name, Twins.Furthest(name, wanted[name], given[name]), 5e-6);
        }
    }

    [Fact]
    public void Each_residual_of_each_row_has_its_own_scale()
    {
        var feeds = Shared(2, 8, 8);
        feeds["hint"] = Hint(Feed.Normal(3, 2, 3, 64, 64));
        feeds["conditioning_scale"] = new([2, Residuals], [.. Enumerable.Repeat(1f, 2 * Residuals)]);
        using var graph = OnnxGraph.Load(Write(ControlNet.Write), new SessionSettings());
        var whole = Twins.Run(graph, feeds);
        feeds["conditioning_scale"].Values[Residuals + 2] = 0.5f; // the third, of the second row
        var scaled = Twins.Run(graph, feeds);
        var expected = whole["down_block_res_sample_2"];
        int row = expected.Values.Length / 2;
        Assert.Equal(expected.Values.Select((value, i) => i < row ? value : value * 0.5f), scaled["down_block_res_sample_2"].Values);
        Assert.Equal(whole["mid_block_res_sample"].Values, scaled["mid_block_res_sample"].Values);
    }

    [Fact]
    public void UNet_takes_residuals_as_the_exporters_does()
    {
        var written = WriteUNet();
        var feeds = Shared(2, 8, 12);
        for (int i = 0; i < Residuals - 1; i++)
        {
            int level = i / 2; // conv_in and a resnet; then a halving and a resnet each
            feeds[$"down_block_res_sample_{i}"] = Feed.Normal(10 + i, 2, 16, 8 >> level, 12 >> level);
        }
        feeds["mid_block_res_sample"] = Feed.Normal(9, 2, 16, 2, 3);
        using var measure = new Measure($"networks/{Family}", "unet");
        measure.Bound("furthest", Twins.Compare(written, PackNetwork.Exported(Family, "unet"), feeds), 5e-6);
    }

    [Fact]
    public void UNet_takes_one_number_for_each_channel_where_nothing_is_added()
    {
        var plain = new PackNetwork("sd15-tiny", "unet");
        var without = plain.Write(writer => UNet.Write(ConfigShapes.UNet(plain.Config), writer));
        var feeds = Shared(2, 8, 12);
        using OnnxGraph free = OnnxGraph.Load(without, new SessionSettings()), added = OnnxGraph.Load(WriteUNet(), new SessionSettings());
        var expected = Twins.Run(free, feeds)["out_sample"];
        foreach (bool whole in (bool[])[false, true])
        {
            foreach (var port in added.Inputs.Where(port => port.Name.Contains("_block_", StringComparison.Ordinal)))
            {
                int level = port.Name.StartsWith("mid", StringComparison.Ordinal) ? 2 : (port.Name[^1] - '0') / 2;
                long[] shape = whole ? [2, 16, 8 >> level, 12 >> level] : [2, 16, 1, 1];
                feeds[port.Name] = new(shape, new float[shape.Aggregate(1L, (count, side) => count * side)]);
            }
            Assert.Equal(expected.Values, Twins.Run(added, feeds)["out_sample"].Values);
        }
    }

    private static WrittenGraph Write(Func<ControlNetShape, NetworkWriter, WrittenGraph?> write)
    {
        // The pack has it without a folder of its own.
        var network = new PackNetwork(Family, "");
        return network.Write(writer => write(ConfigShapes.ControlNet(network.Config), writer));
    }

    private static Feed Hint(Feed picture)
    {
        using var graph = OnnxGraph.Load(Write(ControlNet.WriteHint), new SessionSettings());
        return Twins.Run(graph, new Dictionary<string, Feed> { ["controlnet_cond"] = picture })["hint"];
    }

    private static WrittenGraph WriteUNet()
    {
        var network = new PackNetwork("sd15-tiny", "unet");
        return network.Write(writer => UNet.Write(ConfigShapes.UNet(network.Config) with { TakesResiduals = true }, writer));
    }

    private static Dictionary<string, Feed> Shared(long rows, long height, long width) => new()
    {
        ["sample"] = Feed.Normal(1, rows, 4, height, width),
        ["timestep"] = Feed.Of([.. Enumerable.Repeat(401f, (int)rows)]),
        ["encoder_hidden_states"] = Feed.Normal(2, rows, 77, 32),
    };
}
