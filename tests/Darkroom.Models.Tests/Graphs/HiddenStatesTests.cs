using Darkroom.Models.Families;
using Darkroom.Models.Graphs;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>Small text encoders whose layers can be computed by hand: each adds half of its normed input, then a third of it.</summary>
public sealed class HiddenStatesTests
{
    private const int Width = 4;
    private static readonly float[] Words = [1, 2, -3, 0.5f, 0, -1, 4, 2, 0.25f, 3, 3, -2];
    private static readonly float[] Gains = [0.5f, 1 / 3f];

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Layers_are_found_by_structure(bool oneNode, bool normalise)
    {
        using var graph = Encoder(3, oneNode);
        using var encoder = Open(graph.Write(), 3, normalise);
        Assert.Null(encoder.ClipSkipReason);
        Assert.Equal(2, encoder.MaxClipSkip);
        for (int skip = 0; skip <= 2; skip++)
        {
            var (shape, values) = encoder.Run([new[] { 2, 0 }, new[] { 1, 1 }], skip)[0];
            Assert.Equal([2, Width], shape);
            var expected = new[] { 2, 0 }.SelectMany(word => Expected(word, 3 - skip, normalise || skip == 0)).ToArray();
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], values[i], 1e-4);
        }
    }

    [Fact]
    public void More_layers_than_there_are_is_refused()
    {
        using var graph = Encoder(3, oneNode: true);
        using var encoder = Open(graph.Write(), null, normalise: true);
        Assert.Contains("3", Assert.Throws<GraphException>(() => encoder.Run([new[] { 0 }], 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_layer_cannot_be_left_out()
    {
        using var graph = Encoder(1, oneNode: true);
        using var encoder = Open(graph.Write(), 1, normalise: true);
        Assert.Equal(0, encoder.MaxClipSkip);
    }

    [Fact]
    public void Layers_that_do_not_match_the_configuration_are_not_used()
    {
        using var graph = Encoder(3, oneNode: true);
        using var encoder = Open(graph.Write(), 12, normalise: true);
        Assert.Equal(0, encoder.MaxClipSkip);
        Assert.Equal("the graph seems to have 3 layers where the configuration says 12", encoder.ClipSkipReason);
        Assert.Equal(Expected(2, 3, true).Select(value => (float)value), encoder.Run([new[] { 2 }])[0].Values, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void An_encoder_of_another_structure_is_used_as_it_is()
    {
        using var graph = new HandMadeGraph();
        graph.Input("input_ids", HandMadeGraph.Int64, "batch", "tokens").Output("last_hidden_state", HandMadeGraph.Float, "batch", "tokens", Width);
        graph.Node("Tanh", [graph.Node("Gather", [graph.Table([3, Width], Words), "input_ids"])], "last_hidden_state");
        using var encoder = Open(graph.Write(), null, normalise: true);
        Assert.Equal(0, encoder.MaxClipSkip);
        Assert.Equal("no layer norm was found before last_hidden_state", encoder.ClipSkipReason);
    }

    [Fact]
    public void Exports_of_the_same_weights_agree_on_every_layer()
    {
        using var now = Open(Path.Combine(TestModel.SourceOf("sd15-tiny"), "text_encoder", "model.onnx"), 3, normalise: true);
        using var old = Open(Path.Combine(TestModel.SourceOf("sd15-tiny", "onnx-old"), "text_encoder", "model.onnx"), null, normalise: true);
        Assert.Equal(2, now.MaxClipSkip);
        Assert.Equal(2, old.MaxClipSkip);
        int[] ids = [1132, 5, 90, 417, 1133, 1133, 1133];
        for (int skip = 0; skip <= 2; skip++)
            Assert.Equal(now.Run([ids], skip)[0].Values, old.Run([ids], skip)[0].Values, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData("sd21-tiny")]
    [InlineData("starter")]
    public void Real_exports_have_as_many_layers_as_their_configuration_says(string name)
    {
        string folder = name == "starter" ? TestModel.Starter : TestModel.SourceOf(name);
        int layers = Darkroom.Models.Pool.ModelFolder.Read(folder).TextEncoders[0].Layers!.Value;
        using var encoder = Open(Path.Combine(folder, "text_encoder", "model.onnx"), layers, normalise: true);
        Assert.Null(encoder.ClipSkipReason);
        Assert.Equal(layers - 1, encoder.MaxClipSkip);
    }

    private static TextEncoder Open(string path, int? layers, bool normalise) =>
        new EditedGraphs(new SessionSettings { Threads = 1 }, new ProofFile(), "content").OpenTextEncoder(path, layers, normalise);

    private static HandMadeGraph Encoder(int layers, bool oneNode)
    {
        var graph = new HandMadeGraph();
        graph.Input("input_ids", HandMadeGraph.Int64, "batch", "tokens").Output("last_hidden_state", HandMadeGraph.Float, "batch", "tokens", Width);
        string words = graph.Node("Gather", [graph.Table([3, Width], Words), "input_ids"]);
        // A position's vector made from the text's own shape: no residual, though the words reach it.
        string zeros = graph.Node("Expand", [graph.Scalar(0), graph.Node("Shape", [words])]);
        string stream = graph.Node("Add", [words, zeros]);
        for (int layer = 0; layer < layers; layer++)
            foreach (float gain in Gains)
            {
                string branch = graph.Node("Add", [graph.Node("Mul", [Norm(graph, stream, oneNode), graph.Scalar(gain)]), graph.Scalar(0)]);
                stream = gain == 0.5f ? graph.Node("Add", [stream, branch]) : graph.Node("Add", [branch, stream]);
            }
        Norm(graph, stream, oneNode, "last_hidden_state");
        return graph;
    }

    private static string Norm(HandMadeGraph graph, string value, bool oneNode, string? output = null)
    {
        string gain = graph.Table([Width], 1, 2, 1, 0.5f), bias = graph.Table([Width], 0, 0.1f, 0, 0);
        if (oneNode) return graph.Node("LayerNormalization", [value, gain, bias], output, number: ("axis", -1));
        string Mean(string of) => graph.Node("ReduceMean", [of], ints: "axes", values: [-1]);
        string centred = graph.Node("Sub", [value, Mean(value)]);
        string variance = Mean(graph.Node("Pow", [centred, graph.Scalar(2)]));
        string normed = graph.Node("Div", [centred, graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Scalar(1e-5f)])])]);
        return graph.Node("Add", [graph.Node("Mul", [normed, gain]), bias], output);
    }

    private static double[] Expected(int word, int layers, bool normalise)
    {
        double[] stream = [.. Words.Skip(word * Width).Take(Width).Select(value => (double)value)];
        for (int layer = 0; layer < layers; layer++)
            foreach (float gain in Gains)
                stream = [.. stream.Zip(Norm(stream), (value, normed) => value + gain * normed)];
        return normalise ? Norm(stream) : stream;
    }

    private static double[] Norm(double[] values)
    {
        double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
        double[] gain = [1, 2, 1, 0.5], bias = [0, 0.1, 0, 0];
        return [.. values.Select((value, i) => (value - mean) / Math.Sqrt(variance + 1e-5) * gain[i] + bias[i])];
    }
}
