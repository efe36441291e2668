using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Residency;

/// <summary>What ONNX Runtime says, as it goes out in answers.</summary>
public sealed class RuntimeMessageTests
{
    private const string Graph = "/srv/our models/u-nan/unet/model.onnx";

    [Theory]
    [InlineData("Load model from /srv/our models/u-nan/unet/model.onnx failed:Protobuf parsing failed.",
        "Load model from unet/model.onnx failed:Protobuf parsing failed")]
    [InlineData("External data path \"/srv/our models/u-nan/unet/weights.bin\" does not exist", "External data path \"unet/weights.bin\" does not exist")]
    [InlineData("/onnxruntime_src/onnxruntime/core/graph/model.cc:181 onnxruntime::Model::Model ModelProto does not have a graph.",
        "model.cc:181 onnxruntime::Model::Model ModelProto does not have a graph")]
    [InlineData("cannot open /usr/lib/x86_64-linux-gnu/libcudnn.so.9: No such file", "cannot open libcudnn.so.9: No such file")]
    [InlineData("Status Message: /tmp/build/a.cc:12 in (/tmp/x/b.h)", "Status Message: a.cc:12 in (b.h)")]
    [InlineData(@"Load model from C:\models\a\unet\model.onnx failed", "Load model from model.onnx failed")]
    [InlineData("running Reshape node. Name:'/down_blocks.0/attentions.0/Reshape_1' Status Message: no",
        "running Reshape node. Name:'/down_blocks.0/attentions.0/Reshape_1' Status Message: no")]
    [InlineData("Node (/mid_block/resnets.0/Conv) Op (Conv) [ShapeInferenceError] 1/2 of a and/or b",
        "Node (/mid_block/resnets.0/Conv) Op (Conv) [ShapeInferenceError] 1/2 of a and/or b")]
    public void Folders_of_the_machine_are_left_out_and_names_of_nodes_are_not(string message, string expected) =>
        Assert.Equal(expected, RuntimeMessage.Of(message, Graph));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Graph_that_the_runtime_refuses_is_named_without_its_folder(bool cut)
    {
        using var folder = Catalog.TestModel.Sd15();
        string file = folder.File("unet/model.onnx");
        byte[] bytes = File.ReadAllBytes(file);
        if (cut) bytes = bytes[..^100];
        else "Kern"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("\u0004Conv"u8) + 1)); // an operator that nobody knows
        File.WriteAllBytes(file, bytes);
        var refusal = Assert.Throws<GraphException>(() => OnnxGraph.Load(file, new SessionSettings { Threads = 1, Quiet = true }));
        Assert.Contains("unet/model.onnx", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/tmp", refusal.Message, StringComparison.Ordinal);
    }
}
