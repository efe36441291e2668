using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Graphs;

public sealed class OnnxModelTests
{
    public static TheoryData<string> Graphs => new(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "conformance", "pipelines"), "model.onnx", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Append(Path.Combine(TestModel.Starter, "unet", "model.onnx")));

    [Theory]
    [MemberData(nameof(Graphs))]
    public void A_graph_read_and_written_opens_with_the_same_inputs_and_outputs(string path)
    {
        var model = OnnxModel.Read(path);
        using var before = OnnxGraph.Load(path, new SessionSettings());
        using var after = OnnxGraph.Load(model, new SessionSettings());
        Assert.Equal(before.Inputs.Select(Told), after.Inputs.Select(Told));
        Assert.Equal(before.Outputs.Select(Told), after.Outputs.Select(Told));

        static string Told(GraphPort port) => $"{port.Name} {port.Element} {string.Join(',', port.Shape)} {string.Join(',', port.Axes)}";
    }

    [Fact]
    public void Weights_are_not_in_memory()
    {
        string path = Path.Combine(TestModel.Starter, "unet", "model.onnx");
        Assert.InRange(OnnxModel.Read(path).ToArray().Length, 1, new FileInfo(path).Length / 10);
    }

    [Fact]
    public void Fields_that_nobody_knows_are_kept()
    {
        using var graph = new HandMadeGraph();
        graph.Input("x", HandMadeGraph.Float, 1).Output("y", HandMadeGraph.Float, 1);
        graph.Node("Identity", ["x"], "y");
        graph.Add(1, new WireMessage().Add(1, "y").Add(2, "z").Add(4, "Neg").Add(99, "of a node"));
        graph.Add(5, new WireMessage().Add(1, 1).Add(2, 1).Add(8, "w").Add(9, new byte[4]).Add(98, "of a tensor"));
        graph.Add(97, new WireMessage().Add(1, "of the graph"));
        byte[] written = OnnxModel.Read(graph.Write()).ToArray();
        foreach (string text in new[] { "of a node", "of a tensor", "of the graph" })
            Assert.True(written.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) > 0, text);
    }

    [Fact]
    public void Cut_off_at_any_byte_it_is_refused_and_nothing_else_happens()
    {
        using var graph = new HandMadeGraph();
        graph.Input("x", HandMadeGraph.Float, 4).Output("y", HandMadeGraph.Float, 4);
        graph.Node("Add", ["x", graph.Table([4], 1, 2, 3, 4)], "y");
        byte[] whole = File.ReadAllBytes(graph.Write());
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(graph.Path, whole[..length]);
            try
            {
                OnnxModel.Read(graph.Path);
            }
            catch (InvalidDataException)
            {
                // As it should; a cut between two fields of the model is none that can be seen.
            }
        }
    }

    [Theory]
    [InlineData(0L, 1)]
    [InlineData(127L, 1)]
    [InlineData(128L, 2)]
    [InlineData(long.MaxValue, 9)]
    [InlineData(-1L, 10)]
    public void Numbers_come_back_as_they_were(long number, int bytes)
    {
        byte[] written = new WireMessage().Add(3, number).ToArray();
        Assert.Equal(1 + bytes, written.Length);
        Assert.Equal(number, WireMessage.Parse(written).Number(3));
    }
}
