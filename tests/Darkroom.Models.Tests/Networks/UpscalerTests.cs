using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Blocks;
using Darkroom.Models.Networks.Upscalers;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>Upscalers written from their weights, against the exporter's graphs of them.</summary>
[Trait("Category", "Conformance")]
public sealed class UpscalerTests
{
    [Fact]
    public void Dense_network_answers_as_the_exporters_graph_does() =>
        Check("esrgan-tiny-x4", writer => ResidualDenseNetwork.Write(new() { Features = 12, Blocks = 1, Growth = 6 }, writer));

    [Fact]
    public void Compact_network_answers_as_the_exporters_graph_does() =>
        Check("shuffle-tiny-x2", writer => CompactNetwork.Write(new(12, 2, 2), writer));

    /// <summary>A x2 network takes squares of pixels as channels, in torch's order of <c>pixel_unshuffle</c>.</summary>
    [Fact]
    public void Squares_of_pixels_become_channels_of_one_cell()
    {
        var network = new NetworkWriter(GraphTarget.Cpu, new FileWeights(), new FaultList(), "none");
        var input = network.Graph.FloatInput("input", 2, "batch", 2, "height", "width");
        using var file = new WeightsFile().Add("zero", [1], 0);
        var zero = network.Graph.Weight("zero", file.Read().Tensors["zero"]); // a graph has weights
        network.Graph.FloatOutput("output", Resizing.ToChannels(input, 2) + zero, "batch", 8, "h", "w");
        using var graph = OnnxGraph.Load(network.Finish("upscaler")!, new SessionSettings());
        var input16 = new Feed([1, 2, 2, 4], [.. Enumerable.Range(0, 16).Select(i => (float)i)]);
        var output = Twins.Run(graph, new Dictionary<string, Feed> { ["input"] = input16 })["output"];
        Assert.Equal([1, 8, 1, 2], output.Shape);
        Assert.Equal([0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15], output.Values);
    }

    private static void Check(string name, Func<NetworkWriter, WrittenGraph?> write)
    {
        var faults = new FaultList();
        var written = write(new NetworkWriter(
            GraphTarget.Cpu, new FileWeights(SafetensorsFile.Read(ConformancePack.PathOf("pipelines", "upscalers", name + ".safetensors"))), faults, name));
        Assert.Null(faults.ToString());
        using var measure = new Measure("networks/upscalers", name);
        measure.Bound("furthest", Twins.Compare(written!, ConformancePack.PathOf("pipelines", "upscalers", name + ".onnx"), new Dictionary<string, Feed>
        {
            ["input"] = Feed.Normal(1, 2, 3, 16, 24),
        }), 5e-6);
    }
}
