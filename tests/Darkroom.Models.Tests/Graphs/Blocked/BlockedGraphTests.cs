using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Blocked;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Networks.Upscalers;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Graphs.Blocked;

/// <summary>Graphs whose convolutions compute in blocks of channels.</summary>
public sealed class BlockedGraphTests
{
    private const double Tolerance = 5e-6;

    [Theory]
    [InlineData("sd15-tiny")]
    [InlineData("sdxl-tiny")]
    public void U_net_answers_the_same_in_both_layouts(string family)
    {
        var network = new PackNetwork(family, "unet");
        var shape = ConfigShapes.UNet(network.Config);
        var written = network.Write(writer => UNet.Write(shape, writer));
        Assert.NotSame(written, BlockedGraph.Of(written, 16));
        Same(written, UNetTests.FeedsOf(shape, 2, 16, 12, 77));
    }

    [Fact]
    public void Decoder_answers_the_same_in_both_layouts_and_grows_in_blocks()
    {
        using var file = new WeightsFile();
        var shape = new AutoencoderShape { Channels = [16, 32], Layers = 1, Groups = 4 };
        var written = MadeUp(file, network => Autoencoder.WriteDecoder(shape, network));
        Same(written, new Dictionary<string, Feed> { ["latent_sample"] = Feed.Normal(1, 2, 4, 6, 9) });
        var nodes = NodesOf(BlockedGraph.Of(written, 16));
        Assert.DoesNotContain(nodes, node => node.Is("Resize"));
        Assert.Single(nodes, node => node is { Domain: BlockedGraph.Domain, OpType: "Upsample" });
    }

    /// <summary>Its strides of two are padded on two sides alone.</summary>
    [Fact]
    public void Encoder_answers_the_same_in_both_layouts()
    {
        using var file = new WeightsFile();
        var shape = new AutoencoderShape { Channels = [16, 32], Layers = 1, Groups = 4 };
        var written = MadeUp(file, network => Autoencoder.WriteEncoder(shape, network));
        Same(written, new Dictionary<string, Feed> { ["sample"] = Feed.Normal(1, 2, 3, 12, 10) });
        Assert.Contains(NodesOf(BlockedGraph.Of(written, 16)), node => node.Domain == BlockedGraph.Domain && node.Integers("strides") is [2, 2]);
    }

    /// <summary>Sums, joined channels, and what lies between convolutions.</summary>
    [Fact]
    public void Dense_network_stays_in_blocks_from_its_first_layer_to_its_last()
    {
        using var file = new WeightsFile();
        var written = Dense(file, features: 32, growth: 16);
        Same(written, new Dictionary<string, Feed> { ["input"] = Feed.Normal(1, 2, 3, 12, 9) });
        var nodes = NodesOf(BlockedGraph.Of(written, 16));
        Assert.Single(nodes, node => node.OpType == "ReorderInput");
        Assert.Single(nodes, node => node.OpType == "ReorderOutput");
    }

    [Fact]
    public void Convolutions_of_broken_blocks_stay_as_they_are()
    {
        using var file = new WeightsFile();
        var written = Dense(file, features: 12, growth: 6);
        Assert.Same(written, BlockedGraph.Of(written, 16));
        Assert.Same(written, BlockedGraph.Of(written, 8));
        Assert.Same(written, BlockedGraph.Of(written, 0));
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(16, 3)]
    [InlineData(16, 1)]
    public void Weights_lie_in_blocks_of_inputs_and_outputs(int block, int side)
    {
        int inputs = 3 * block, cells = side * side;
        float[] rows = [.. Enumerable.Range(0, block * inputs * cells).Select(i => (float)i)], target = new float[rows.Length];
        BlockedFilter.Write(rows, inputs, block, target);
        for (int output = 0; output < block; output++)
            for (int input = 0; input < inputs; input++)
                for (int cell = 0; cell < cells; cell++)
                    Assert.Equal(rows[(output * inputs + input) * cells + cell],
                        target[((input / block * cells + cell) * block + input % block) * block + output]);
    }

    /// <summary>A session in either layout.</summary>
    private static void Same(WrittenGraph written, Dictionary<string, Feed> feeds)
    {
        using var plain = OnnxGraph.Load(written, new SessionSettings { PlainConvolutions = true });
        using var blocked = OnnxGraph.Load(written, new SessionSettings());
        var (expected, given) = (Twins.Run(plain, feeds), Twins.Run(blocked, feeds));
        Assert.All(expected, output => Assert.InRange(Twins.Furthest(output.Key, output.Value, given[output.Key]), 0, Tolerance));
    }

    private static OnnxNode[] NodesOf(WrittenGraph written)
    {
        const int Graph = 7, Node = 1;
        return [.. WireMessage.Parse(written.Model.ToArray()).Messages(Graph).Single().Messages(Node).Select(node => new OnnxNode(node.ToArray()))];
    }

    private static WrittenGraph Dense(WeightsFile file, int features, int growth) => MadeUp(file,
        network => ResidualDenseNetwork.Write(new ResidualDenseShape { Features = features, Blocks = 1, Growth = growth }, network));

    /// <summary>A network with made-up weights.</summary>
    private static WrittenGraph MadeUp(WeightsFile file, Func<NetworkWriter, WrittenGraph?> write)
    {
        var asking = new NetworkWriter(GraphTarget.Cpu, new FileWeights(), new FaultList(), "none");
        write(asking);
        foreach (var (name, sides) in asking.Needed)
            file.Add(name, [.. sides.Select(side => (int)side)],
                [.. Enumerable.Range(0, (int)sides.Aggregate(1L, (count, side) => count * side)).Select(i => MathF.Sin(i * 0.37f) / 20)]);
        var faults = new FaultList();
        var written = write(new NetworkWriter(GraphTarget.Cpu, new FileWeights(file.Read()), faults, "made up"));
        Assert.Null(faults.ToString());
        return written!;
    }
}
