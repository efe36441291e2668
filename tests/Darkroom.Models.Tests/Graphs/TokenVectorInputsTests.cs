using Darkroom.Models.Families;
using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>Vectors in place of tokens' own, in exported graphs.</summary>
public sealed class TokenVectorInputsTests
{
    private static readonly int[] Text = [1132, 5, 90, 417, 1133, 1133, 1133];

    /// <summary>A token whose own vector is given has the text it had, within what the runtime's own changes of a graph make of it; int32 ids too.</summary>
    [Theory]
    [InlineData("sd15-tiny", "onnx", "text_encoder")]
    [InlineData("sd15-tiny", "onnx-old", "text_encoder")]
    [InlineData("sdxl-tiny", "onnx", "text_encoder_2")]
    [InlineData("sd21-tiny", "onnx", "text_encoder")]
    public void Own_vectors_given_change_nothing(string family, string layout, string part)
    {
        string path = Path.Combine(TestModel.SourceOf(family, layout), part, "model.onnx");
        using var edited = Open(path);
        using var plain = OnnxGraph.Load(path, new SessionSettings { Threads = 1 }).As(graph => new TextEncoder(graph));
        Assert.True(edited.TakesVectors, edited.VectorsReason);
        Assert.False(plain.TakesVectors);
        var wanted = plain.Run([Text])[0];
        Assert.Equal(wanted.Values, edited.Run([Text])[0].Values, Same);

        float[] table = TableOf(path, out int width);
        var own = new TokenVectors(0, endIsPooled: true);
        float[] two = [.. table[(5 * width)..(6 * width)], .. table[(90 * width)..(91 * width)]];
        int[] ids = [.. own.IdsOf(new PromptEmbedding(new("x", "x", null), "h", 2, [two]))];
        var given = edited.Run([Text, new TokenChunk((int[])[1132, .. ids, 417, 1133, 1133, 1133], own)]);
        Assert.Equal(wanted.Values, given[0].Values, Same);
        Assert.Equal(wanted.Values, given[1].Values, Same);
        if (wanted.Pooled is { } pooled) Assert.Equal(pooled, given[1].Pooled!, Same);
    }

    /// <summary>diffusers takes the vector of the whole text at the greatest id.</summary>
    [Fact]
    public void Whole_text_ends_where_it_is_told_to()
    {
        using var encoder = Open(Path.Combine(TestModel.SourceOf("sdxl-tiny"), "text_encoder_2", "model.onnx"));
        var made = new PromptEmbedding(new("x", "x", null), "h", 1, [[.. Enumerable.Range(0, 48).Select(i => i / 48f)]]);
        float[][] pooled = [.. ((bool[])[true, false]).Select(end =>
        {
            var vectors = new TokenVectors(0, end);
            return encoder.Run([new TokenChunk((int[])[1132, .. vectors.IdsOf(made), 417, 1133, 1133], vectors)])[0].Pooled!;
        })];
        Assert.Contains(pooled[0].Zip(pooled[1]), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public void Vectors_of_another_width_are_refused()
    {
        using var encoder = Open(Path.Combine(TestModel.SourceOf("sd15-tiny"), "text_encoder", "model.onnx"));
        var vectors = new TokenVectors(0, false);
        int[] ids = [.. vectors.IdsOf(new PromptEmbedding(new("x", "x", null), "h", 1, [new float[3]]))];
        Assert.Equal("a textual inversion has vectors of 3 channels, and this text encoder takes 32",
            Assert.Throws<GraphException>(() => encoder.Run([new TokenChunk(ids, vectors)])).Message);
    }

    [Fact]
    public void Graph_whose_table_is_not_plain_says_why()
    {
        using var graph = new HandMadeGraph();
        graph.Input("input_ids", HandMadeGraph.Int64, "batch", "tokens").Output("last_hidden_state", HandMadeGraph.Float, "batch", "tokens", 2);
        string table = graph.Node("Add", [graph.Table([3, 2], 1, 2, 3, 4, 5, 6), graph.Scalar(1)]);
        graph.Node("Tanh", [graph.Node("Gather", [table, "input_ids"])], "last_hidden_state");
        using var encoder = Open(graph.Write());
        Assert.False(encoder.TakesVectors);
        Assert.Equal("the table of tokens' vectors is not plain numbers", encoder.VectorsReason);
        Assert.Equal((float)Math.Tanh(6), encoder.Run([new[] { 2 }])[0].Values[0], 1e-6);
    }

    [Fact]
    public void Graph_without_one_look_up_says_so()
    {
        using var graph = new HandMadeGraph();
        graph.Input("input_ids", HandMadeGraph.Int64, "batch", "tokens").Output("last_hidden_state", HandMadeGraph.Float, "batch", "tokens", 2);
        string one = graph.Node("Gather", [graph.Table([3, 2], 1, 2, 3, 4, 5, 6), "input_ids"]);
        graph.Node("Add", [one, graph.Node("Gather", [graph.Table([3, 2], 1, 1, 1, 1, 1, 1), "input_ids"])], "last_hidden_state");
        using var encoder = Open(graph.Write());
        Assert.Equal("2 look-ups of tokens' vectors were found in the graph where 1 was expected", encoder.VectorsReason);
    }

    private static bool Same(float one, float other) => Math.Abs(one - other) <= 2e-6;

    private static TextEncoder Open(string path) =>
        new EditedGraphs(new SessionSettings { Threads = 1 }, new ProofFile(), "content").OpenTextEncoder(path, null, normalise: true);

    /// <summary>The table of tokens of an exported graph, in float32.</summary>
    private static float[] TableOf(string path, out int width)
    {
        var model = OnnxModel.Read(path);
        var table = model.Tensors.Where(tensor => tensor.Shape is [> 1000, _]).MaxBy(tensor => tensor.Shape[0])!;
        width = (int)table.Shape[1];
        // As the graph gives them: an encoder that is nothing but the look-up.
        model.Nodes.RemoveAll(_ => true);
        model.Outputs.Clear();
        model.Inputs.RemoveAll(port => port.Name != "input_ids");
        model.Tensors.RemoveAll(tensor => tensor.Name != table.Name);
        model.Values.Clear();
        model.Nodes.Add(new OnnxNode("Gather", "look", [table.Name, "input_ids"], ["rows"]));
        model.Outputs.Add(OnnxPort.Of("rows", 1, "batch", "tokens", width));
        using var graph = OnnxGraph.Load(model, new SessionSettings { Threads = 1 });
        int rows = (int)table.Shape[0];
        float[] values = new float[rows * width];
        int[] all = [.. Enumerable.Range(0, rows)];
        graph.Run([[1, rows]], ["rows"], 0, (binding, _) => binding.Write("input_ids", 0, all), (binding, _) => binding.Read("rows", 0, values));
        return values;
    }
}
