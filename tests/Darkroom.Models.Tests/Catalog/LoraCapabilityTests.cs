using Darkroom.Models.Graphs;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>Which exported folders say that LoRAs can be merged into them. No graph is opened for it.</summary>
public sealed class LoraCapabilityTests
{
    // Field numbers of ModelProto and GraphProto.
    private const int Graph = 7, Node = 1;

    [Theory]
    [InlineData("sd15-tiny", "onnx")]
    [InlineData("sd15-tiny", "onnx-old")]
    [InlineData("sd15-tiny", "diffusers")]
    [InlineData("sdxl-tiny", "onnx")]
    [InlineData("sd3-tiny", "onnx")]
    [InlineData("flux-tiny", "onnx")]
    public void Graph_whose_nodes_have_their_modules_names_takes_loras(string family, string layout)
    {
        var model = Models.Pool.ModelFolder.Read(TestModel.SourceOf(family, layout));
        Assert.Equal((null, true, null), (model.Fault, model.Capabilities.Lora, model.Capabilities.LoraReason));
        Assert.Contains("loras", model.Capabilities.ExtraFields);
    }

    [Fact]
    public void Graph_that_has_lost_its_names_says_so()
    {
        using var model = TestModel.Sd15();
        int at = 0;
        Edit(model, node =>
        {
            node.Name = $"n{at++}";
            return node;
        });
        Refused(model, "its unet is an exported graph in which neither nodes nor weights have the names of their layers");
    }

    [Theory]
    [InlineData("MatMulNBits")]
    [InlineData("DequantizeLinear")]
    [InlineData("DynamicQuantizeMatMul")]
    public void Quantised_graph_says_so(string operation)
    {
        using var model = TestModel.Sd15();
        Edit(model, node => node.Is("MatMul") ? new OnnxNode(operation, node.Name, node.Inputs, node.Outputs) : node);
        Refused(model, $"its unet is a quantised graph ({operation}), and LoRAs are merged into weights as they were before that");
    }

    [Fact]
    public void Starter_says_why_it_takes_none() =>
        Assert.Equal((false, "its unet is an exported graph in which neither nodes nor weights have the names of their layers"),
            Models.Pool.ModelFolder.Read(TestModel.Starter).Capabilities is var can ? (can.Lora, can.LoraReason) : default);

    private static void Refused(TestModel folder, string reason)
    {
        var model = folder.Read();
        Assert.Equal((null, false, reason), (model.Fault, model.Capabilities.Lora, model.Capabilities.LoraReason));
        Assert.DoesNotContain("loras", model.Capabilities.ExtraFields);
    }

    private static void Edit(TestModel folder, Func<OnnxNode, OnnxNode> edit)
    {
        string path = folder.File("unet/model.onnx");
        var model = WireMessage.Parse(File.ReadAllBytes(path));
        var graph = WireMessage.Parse(model.Fields.Single(field => field.Number == Graph).Bytes.ToArray());
        for (int i = 0; i < graph.Fields.Count; i++)
        {
            if (graph.Fields[i].Number != Node) continue;
            graph.Fields[i] = graph.Fields[i] with { Bytes = edit(new OnnxNode(graph.Fields[i].Bytes.ToArray())).ToArray() };
        }
        model.Remove(Graph).Add(Graph, graph);
        File.WriteAllBytes(path, model.ToArray());
    }
}
