using System.Text;
using Darkroom.Benchmarks.Profile;

namespace Darkroom.Models.Tests.Benchmarks;

/// <summary>What `bench profile` counts and reads.</summary>
public sealed class ProfileTests
{
    /// <summary>As ONNX Runtime 1.31.1 writes it, shortened: a session's loading, then two calls.</summary>
    private const string File = """
        [
        {"cat":"Session","pid":1,"tid":1,"dur":900,"ts":5,"ph":"X","name":"session_initialization","args":{}},
        {"cat":"Node","pid":1,"tid":1,"dur":2000,"ts":1010,"ph":"X","name":"/conv_in/Conv_kernel_time",
            "args":{"op_name":"Conv","provider":"CPUExecutionProvider",
            "input_type_shape":[{"float":[2,4,8,8]},{"float":[320,4,3,3]},{"float":[320]}],"output_type_shape":[{"float":[2,320,8,8]}]}},
        {"cat":"Node","pid":1,"tid":1,"dur":500,"ts":3020,"ph":"X","name":"/Shape_1_kernel_time","args":{"op_name":"Shape",
            "input_type_shape":[{"float":[2,320,8,8]}],"output_type_shape":[{"int64":[4]}]}},
        {"cat":"Session","pid":1,"tid":1,"dur":2600,"ts":1000,"ph":"X","name":"model_run","args":{}},
        {"cat":"Session","pid":1,"tid":1,"dur":1500,"ts":4000,"ph":"X","name":"model_run","args":{}},
        {"cat":"Node","pid":1,"tid":1,"dur":1400,"ts":4050,"ph":"X","name":"/conv_in/Conv_kernel_time",
            "args":{"op_name":"Conv","input_type_shape":[],"output_type_shape":[]}}
        ]
        """;

    [Fact]
    public void A_call_has_the_nodes_that_ran_in_it()
    {
        var runs = ProfileFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(File)));
        Assert.Equal([2.6, 1.5], runs.Select(run => run.Milliseconds));
        Assert.Equal(["/conv_in/Conv", "/Shape_1"], runs[0].Nodes.Select(node => node.Name));
        Assert.Equal(2, runs[0].Nodes[0].Milliseconds);
        Assert.Equal([320, 4, 3, 3], runs[0].Nodes[0].Inputs[1]);
        Assert.Equal(2.0 * 2 * 320 * 64 * 4 * 9, NodeCost.Flops(runs[0].Nodes[0]));
        Assert.Equal(0, NodeCost.Flops(runs[0].Nodes[1]));
        Assert.Single(runs[1].Nodes);
    }

    public static TheoryData<string, long[][], long[], double> Nodes => new()
    {
        { "Conv", [[1, 512, 64, 64], [512, 512, 3, 3], [512]], [1, 512, 64, 64], 2.0 * 512 * 512 * 9 * 64 * 64 },
        { "Conv", [[1, 320, 64, 64], [320, 320, 3, 3], [320]], [1, 320, 32, 32], 2.0 * 320 * 320 * 9 * 32 * 32 },
        { "QLinearConv", [[1, 16, 8, 8], [], [], [32, 16, 1, 1], [32]], [1, 32, 8, 8], 2.0 * 16 * 32 * 64 },
        { "Gemm", [[8192, 320], [1280, 320], [1280]], [8192, 1280], 2.0 * 8192 * 320 * 1280 },
        { "Gemm", [[320, 8192], [320, 1280]], [8192, 1280], 2.0 * 8192 * 320 * 1280 },
        { "MatMul", [[2, 4096, 320], [320, 1280]], [2, 4096, 1280], 2.0 * 8192 * 320 * 1280 },
        { "MatMul", [[2, 8, 4096, 40], [2, 8, 40, 77]], [2, 8, 4096, 77], 2.0 * 2 * 8 * 4096 * 40 * 77 },
        { "MultiHeadAttention", [[2, 4096, 320], [2, 4096, 320], [2, 4096, 320]], [2, 4096, 320], 4.0 * 2 * 4096 * 4096 * 320 },
        { "Attention", [[2, 256, 1280], [2, 77, 1280], [2, 77, 1280]], [2, 256, 1280], 4.0 * 2 * 256 * 77 * 1280 },
        { "Softmax", [[2, 8, 64, 64]], [2, 8, 64, 64], 0 },
    };

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Operations_are_counted_from_shapes(string opType, long[][] inputs, long[] output, double flops) =>
        Assert.Equal(flops, NodeCost.Flops(new ProfiledNode("", opType, 1, inputs, [output])));

    [Fact]
    public void Nodes_are_of_the_part_that_their_names_say_or_of_the_one_before()
    {
        string[] names =
        [
            "/Shape", "/time_embedding.linear_1/Gemm", "/conv_in/Conv", "/down_blocks.0.resnets.0.conv1/Conv", "/MultiHeadAttention_3",
            "/down_blocks.2/attentions.0/proj_in/Conv", "/mid_block.resnets.0.conv1/Conv", "/decoder.up_blocks.3.resnets.0.conv1/Conv", "/conv_norm_out/Add",
            "/transformer_blocks.17.attn.to_q/Gemm",
        ];
        Assert.Equal(
            ["in", "timestep", "in", "down block 1", "down block 1", "down block 3", "middle", "up block 4", "out", "transformer_blocks"],
            NetworkPart.Of(names));
    }
}
