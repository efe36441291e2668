using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Upscaling;

namespace Darkroom.Models.Tests.Residency;

/// <summary>What ONNX Runtime's words mean.</summary>
public sealed class RuntimeFaultsTests
{
    [Theory]
    [InlineData("[ErrorCode:InvalidArgument] Got invalid dimensions for input: sample for the following indices index: 1 Got: 3 Expected: 4",
        GraphFault.Refused)]
    [InlineData("[ErrorCode:RuntimeException] Non-zero status code returned while running Reshape node. The input tensor cannot be reshaped to the " +
        "requested shape.", GraphFault.Refused)]
    [InlineData("[ErrorCode:Fail] Non-zero status code returned while running SpaceToDepth node. SpaceToDepth requires input height to be a " +
        "multiple of block_size", GraphFault.Refused)]
    [InlineData("[ErrorCode:RuntimeException] Non-zero status code returned while running Softmax node. bfc_arena.cc:359 BFCArena::AllocateRawInternal " +
        "Failed to allocate memory for requested buffer of size 68719476736", GraphFault.OutOfMemory)]
    [InlineData("[ErrorCode:RuntimeException] std::bad_alloc", GraphFault.OutOfMemory)]
    [InlineData("[ErrorCode:Fail] CUDA failure 2: out of memory ; GPU=0 ; hostname=a ; expr=cudaMalloc((void**)&p, size);", GraphFault.OutOfMemory)]
    [InlineData("[ErrorCode:Fail] CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cublasCreate(&handle);", GraphFault.OutOfMemory)]
    [InlineData("[ErrorCode:Fail] Non-zero status code returned while running Conv node. CUDA failure 700: an illegal memory access was encountered ; " +
        "GPU=0 ; expr=cudaStreamSynchronize(stream) shape", GraphFault.Dead)]
    [InlineData("[ErrorCode:Fail] CUDNN failure 4000: CUDNN_STATUS_INTERNAL_ERROR ; GPU=0", GraphFault.Dead)]
    [InlineData("[ErrorCode:EngineError] something else", GraphFault.Dead)]
    public void A_message_says_whether_the_call_the_memory_or_the_session_is_to_blame(string message, GraphFault fault) =>
        Assert.Equal(fault, RuntimeFaults.Of(message));

    [Fact]
    public void A_call_of_another_shape_than_the_graph_takes_is_refused_and_leaves_the_session_as_it_was()
    {
        using var folder = new UpscalersFolder().Write("tiny.onnx", new TinyGraph { Multiple = 2 });
        using var graph = OnnxGraph.Load(Path.Combine(folder.Path, "upscalers", "tiny.onnx"), new SessionSettings { Threads = 1, Quiet = true });
        Assert.Equal(GraphFault.Refused, FaultOf(graph, [1, 4, 2, 2])); // by its declaration
        Assert.Equal(GraphFault.Refused, FaultOf(graph, [1, 3, 3, 2])); // by a kernel
        graph.Run([[1, 3, 2, 2]], [graph.Outputs[0].Name], 0, static (_, _) => { }, static (_, _) => { });
    }

    [Fact]
    public void A_call_that_no_memory_is_large_enough_for_says_so()
    {
        using var folder = new UpscalersFolder().Write("tiny.onnx", new TinyGraph { Input = [null, 3, 1, null], Scale = 16 });
        using var graph = OnnxGraph.Load(Path.Combine(folder.Path, "upscalers", "tiny.onnx"), new SessionSettings { Threads = 1, Quiet = true });
        Assert.Equal(GraphFault.OutOfMemory, FaultOf(graph, [1, 3, 1, 1L << 44]));
    }

    private static GraphFault FaultOf(OnnxGraph graph, long[] shape) =>
        Assert.Throws<GraphException>(() => graph.Run([shape], [graph.Outputs[0].Name], 0, static (_, _) => { }, static (_, _) => { })).Fault;
}
