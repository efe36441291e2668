using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs;
using Darkroom.Models.Networks;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>Weights of exported graphs by the names of their modules.</summary>
public sealed class GraphLayersTests
{
    /// <summary>
    /// Every name's weight is the one that diffusers' own file has under it, as torch has it. The pack's weights are numbers that float16 can hold, so that
    /// each is the same in every export.
    /// </summary>
    [Theory]
    [InlineData("sd15-tiny", "onnx", "unet")]
    [InlineData("sd15-tiny", "onnx-old", "unet")]
    [InlineData("sd15-tiny", "onnx-fp16", "unet")]
    [InlineData("sd15-tiny", "onnx-timestep-batch", "unet")]
    [InlineData("sd15-tiny", "onnx", "text_encoder")]
    [InlineData("sd15-tiny", "onnx-old", "text_encoder")]
    [InlineData("sdxl-tiny", "onnx", "unet")]
    [InlineData("sdxl-tiny", "onnx", "text_encoder_2")]
    [InlineData("sd3-tiny", "onnx", "transformer")]
    [InlineData("flux-tiny", "onnx", "transformer")]
    public void Each_weight_is_the_one_that_torch_has_under_its_name(string family, string layout, string part)
    {
        var file = SafetensorsFile.Read(Directory.EnumerateFiles(ConformancePack.PathOf("pipelines", family, "diffusers", part), "*.safetensors").Single());
        var torch = new FileWeights(file);
        var found = new HashSet<string>();
        GraphLayers.Of(OnnxModel.Read(PathOf(family, layout, part))).Change((name, tensor) =>
        {
            found.Add(name);
            var expected = torch.Find(name);
            Assert.True(expected is not null, name);
            Assert.Equal(expected.ReadFloats(), tensor.ReadFloats());
            Assert.Equal(expected.Count, tensor.Count);
            Assert.Equal(expected.Shape[0], tensor.Shape[0]);
            return tensor;
        });
        // All matrices and convolutions are there; tables are looked up, and multiply nothing.
        var layers = file.Tensors.Values.Where(tensor => tensor.Shape.Count is 2 or 4 && tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
            && !tensor.Name.EndsWith("_embedding.weight", StringComparison.Ordinal));
        Assert.Empty(layers.Select(tensor => tensor.Name).Except(found));
    }

    [Theory]
    [InlineData("onnx", 1e-6)]
    [InlineData("onnx-fp16", 2e-3)]
    public void Weights_that_are_changed_to_what_they_were_give_the_same_answers(string layout, double tolerance)
    {
        string path = PathOf("sd15-tiny", layout, "unet");
        var model = OnnxModel.Read(path);
        GraphLayers.Of(model).Change((_, tensor) => tensor.With([new Doubled(), new Halved()]));
        Assert.True(model.Weights.Count > 200);
        using OnnxGraph before = OnnxGraph.Load(path, new SessionSettings()), after = OnnxGraph.Load(model, new SessionSettings());
        float[] expected = Run(before), actual = Run(after);
        Assert.Contains(expected, value => Math.Abs(value) > 0.1);
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{i}: {expected[i]} and {actual[i]}");
    }

    /// <summary>
    /// A weight beside the graph behind links into a store of files, which two layers share; and one that is turned on its way, as newer exporters have it.
    /// </summary>
    [Fact]
    public void Layers_are_changed_each_for_itself_wherever_their_weights_lie()
    {
        const string A = "wrap.down_blocks.0/a/MatMul", B = "wrap.down_blocks.0/b/MatMul", C = "wrap.down_blocks.0/c/MatMul";
        using var hand = new HandMadeGraph();
        hand.Input("x", HandMadeGraph.Float, "n", 2).Output(A, HandMadeGraph.Float, "n", 3).Output(B, HandMadeGraph.Float, "n", 3)
            .Output(C, HandMadeGraph.Float, "n", 3);
        string shared = hand.External("weights.bin", 64, [2, 3], [1, 2, 3, 4, 5, 6]), straight = hand.Table([3, 2], 1, 4, 2, 5, 3, 6);
        hand.Node("MatMul", ["x", shared], A);
        hand.Node("MatMul", ["x", hand.Node("Transpose", [hand.Node("Identity", [straight])], ints: "perm", values: [1, 0])], B);
        hand.Node("MatMul", ["x", shared], C);
        hand.Write();
        string blobs = Path.Combine(hand.Folder, "blobs"), snapshot = Directory.CreateDirectory(Path.Combine(hand.Folder, "snapshot")).FullName;
        Directory.Move(Path.GetDirectoryName(hand.Path)!, blobs);
        File.Move(Path.Combine(blobs, "model.onnx"), Path.Combine(blobs, "aa"));
        File.Move(Path.Combine(blobs, "weights.bin"), Path.Combine(blobs, "bb"));
        File.CreateSymbolicLink(Path.Combine(snapshot, "model.onnx"), "../blobs/aa");
        File.CreateSymbolicLink(Path.Combine(snapshot, "weights.bin"), "../blobs/bb");

        var model = OnnxModel.Read(Path.Combine(snapshot, "model.onnx"));
        var layers = GraphLayers.Of(model);
        Assert.Equal(["down_blocks.0.a.weight", "down_blocks.0.b.weight", "down_blocks.0.c.weight"], layers.Shapes.Keys.Order());
        Assert.All(layers.Shapes.Values, shape => Assert.Equal([3, 2], shape));
        layers.Change((name, tensor) => name.Contains(".a.", StringComparison.Ordinal) ? tensor : tensor.With([new Doubled()]));
        using var graph = OnnxGraph.Load(model, new SessionSettings());
        var answers = Twins.Run(graph, new Dictionary<string, Feed> { ["x"] = new([1, 2], [1, 10]) });
        Assert.Equal([41, 52, 63], answers[A].Values);
        Assert.Equal([82, 104, 126], answers[B].Values);
        Assert.Equal([82, 104, 126], answers[C].Values);
    }

    [Fact]
    public void Graph_without_names_has_no_layers()
    {
        var model = OnnxModel.Read(PathOf("sd15-tiny", "onnx", "unet"));
        foreach (var (at, node) in model.Nodes.Index())
        {
            node.Name = $"n{at}";
            for (int i = 0; i < node.Inputs.Count; i++) node.Inputs[i] = node.Inputs[i].Replace("weight", "w", StringComparison.Ordinal);
            for (int i = 0; i < node.Inputs.Count; i++) node.Inputs[i] = node.Inputs[i].Replace("bias", "b", StringComparison.Ordinal);
        }
        Assert.Empty(GraphLayers.Of(model).Shapes);
    }

    private static string PathOf(string family, string layout, string part) => ConformancePack.PathOf("pipelines", family, layout, part, "model.onnx");

    private static float[] Run(OnnxGraph graph)
    {
        var feeds = new Dictionary<string, Feed>
        {
            ["sample"] = Feed.Normal(1, 1, 4, 16, 16), ["timestep"] = Feed.Of(500), ["encoder_hidden_states"] = Feed.Normal(2, 1, 77, 32),
        };
        return Twins.Run(graph, feeds)["out_sample"].Values;
    }

    private sealed class Doubled : IWeightChange
    {
        public void Apply(Span<float> rows, int first, int columns) => System.Numerics.Tensors.TensorPrimitives.Multiply(rows, 2, rows);
    }

    private sealed class Halved : IWeightChange
    {
        public void Apply(Span<float> rows, int first, int columns) => System.Numerics.Tensors.TensorPrimitives.Multiply(rows, 0.5f, rows);
    }
}
