using Darkroom.Models.Graphs;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>What is refused before ONNX Runtime sees the file.</summary>
public sealed class OnnxOutlineTests
{
    [Fact]
    public void Operators_of_a_foreign_library_are_refused_by_name()
    {
        using var graph = Plain().Operators("evil.ops");
        graph.Node("Open", ["x"], domain: "evil.ops");
        Assert.Equal("uses operators of 'evil.ops', which ONNX Runtime has not without further libraries", Refused(graph));
    }

    [Fact]
    public void A_foreign_set_that_is_listed_and_not_used_is_nothing()
    {
        using var graph = Plain().Operators("pkg.onnxscript.torch_lib");
        Assert.Empty(Read(graph));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ai.onnx")]
    [InlineData("ai.onnx.ml")]
    [InlineData("com.microsoft")]
    public void Operators_of_the_runtime_pass(string domain)
    {
        using var graph = Plain();
        graph.Node("Any", ["x"], domain: domain);
        Assert.Empty(Read(graph));
    }

    [Fact]
    public void A_compiled_file_behind_a_node_is_refused()
    {
        using var graph = Plain();
        graph.Node("EPContext", ["x"], domain: "com.microsoft");
        Assert.StartsWith("has a node EPContext", Refused(graph), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, "a sparse tensor")]
    [InlineData(1, "a constant inside a node")]
    public void External_weights_are_found_wherever_they_hide(int field, string where)
    {
        var tensor = new WireMessage().Add(2, 1).Add(8, where).Add(13, new WireMessage().Add(1, "location").Add(2, "../secret"));
        using var graph = Plain()
            .Add(field, field == 15 ? new WireMessage().Add(1, tensor) : new WireMessage().Add(4, "Constant")
            .Add(5, new WireMessage().Add(1, "value").Add(5, tensor)));
        Assert.Equal("../secret", Assert.Single(Read(graph)).Location);
    }

    private static HandMadeGraph Plain() => new HandMadeGraph().Input("x", HandMadeGraph.Float, 1).Output("x", HandMadeGraph.Float, 1);

    private static IReadOnlyList<ExternalData> Read(HandMadeGraph graph)
    {
        using var stream = File.OpenRead(graph.Write());
        return OnnxOutline.Read(stream).Files;
    }

    private static string Refused(HandMadeGraph graph) => Assert.Throws<InvalidDataException>(() => Read(graph)).Message;
}
