using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Sessions;

public sealed class CudaOptionsTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void The_provider_is_told_everything_by_its_own_names()
    {
        Assert.Equal(
            [
                ("arena_extend_strategy", "kSameAsRequested"), ("cudnn_conv_algo_search", "HEURISTIC"), ("cudnn_conv_use_max_workspace", "1"),
                ("device_id", "1"), ("do_copy_in_default_stream", "1"), ("enable_cuda_graph", "0"), ("fuse_conv_bias", "0"), ("prefer_nhwc", "0"),
                ("use_tf32", "1"),
            ],
            Told(new(), null, captures: false));
        var other = new CudaOptions
        {
            ArenaGrowth = ArenaGrowth.Doubling, ConvolutionSearch = ConvolutionSearch.Exhaustive, ConvolutionWorkspace = false, FuseConvolutionBias = true,
            PreferNhwc = true, Tf32 = false, Graphs = 3,
        };
        Assert.Equal(
            [
                ("arena_extend_strategy", "kNextPowerOfTwo"), ("cudnn_conv_algo_search", "EXHAUSTIVE"), ("cudnn_conv_use_max_workspace", "0"),
                ("device_id", "1"), ("do_copy_in_default_stream", "1"), ("enable_cuda_graph", "1"), ("fuse_conv_bias", "1"), ("gpu_mem_limit", "5368709120"),
                ("prefer_nhwc", "1"), ("use_tf32", "0"),
            ],
            Told(other, 5 * GiB, captures: true));

        static (string, string)[] Told(CudaOptions options, long? arena, bool captures) =>
            [.. options.ForProvider(1, arena, captures).Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];
    }

    [Fact]
    public void An_arena_is_limited_to_what_a_budget_of_weights_leaves()
    {
        var usual = new CudaOptions();
        Assert.Equal(15 * GiB, usual.ArenaLimit(8 * GiB, 24 * GiB));
        Assert.Null(usual.ArenaLimit(long.MaxValue, 24 * GiB)); // no budget
        Assert.Null(usual.ArenaLimit(8 * GiB, null)); // a driver that says nothing
        Assert.Null(usual.ArenaLimit(24 * GiB, 24 * GiB)); // nothing would be left
        Assert.Equal(3 * GiB, new CudaOptions { ArenaBytes = 3 * GiB }.ArenaLimit(8 * GiB, 24 * GiB));
    }

    [Theory]
    [InlineData("[ErrorCode:Fail] This session cannot use the graph capture feature as requested by the user as all compute graph nodes have not been"
        + " partitioned to the CUDAExecutionProvider", true)]
    [InlineData("[ErrorCode:Fail] This session cannot use the CUDA Graph feature as requested by the user  as the model has control flow nodes", true)]
    [InlineData("[ErrorCode:Fail] Failed to allocate memory for requested buffer of size 100", false)]
    public void A_graph_that_no_capture_can_hold_is_told_apart(string message, bool expected) =>
        Assert.Equal(expected, RuntimeFaults.RefusesCapture(message));
}
