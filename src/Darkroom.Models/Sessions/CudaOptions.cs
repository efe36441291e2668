using System.Globalization;

namespace Darkroom.Models.Sessions;

/// <summary>
/// What ONNX Runtime's CUDA provider is asked for. The defaults are what its documents and its users' figures say of networks like these; none was measured
/// here yet (docs/decisions/0052-gpu-options.md).
/// </summary>
public sealed record CudaOptions
{
    /// <summary>Kept from the GPU for its context, cuBLAS and cuDNN, which no arena holds.</summary>
    private const long Aside = 1L << 30;

    /// <summary>Bytes that one network's calls may have; null: what <see cref="ArenaLimit"/> says.</summary>
    public long? ArenaBytes { get; init; }

    /// <summary>How a network's arena grows.</summary>
    public ArenaGrowth ArenaGrowth { get; init; } = ArenaGrowth.Exact;

    /// <summary>How cuDNN chooses the kernel of a convolution, once for each new size of its input.</summary>
    public ConvolutionSearch ConvolutionSearch { get; init; } = ConvolutionSearch.Heuristic;

    /// <summary>Whether convolutions may take as much memory beside their tensors as their fastest kernel wants; else 32 MiB.</summary>
    public bool ConvolutionWorkspace { get; init; } = true;

    /// <summary>Whether cuDNN adds a convolution's bias in the same kernel.</summary>
    public bool FuseConvolutionBias { get; init; }

    /// <summary>Whether convolutions and norms are done with channels last.</summary>
    public bool PreferNhwc { get; init; }

    /// <summary>Whether products in float32 may round their factors to TF32's 10 bits.</summary>
    public bool Tf32 { get; init; } = true;

    /// <summary>Shapes of a network's calls that are captured as CUDA graphs at most; 0: none is.</summary>
    public int Graphs { get; init; }

    /// <summary>
    /// What an arena may hold where nothing is said of it: where the weights have a budget, what they and the runtime leave of the GPU. Null: no limit.
    /// </summary>
    /// <param name="budget">Bytes of weights that may be on the GPU.</param>
    /// <param name="device">Bytes of the GPU's memory; null: not known.</param>
    public long? ArenaLimit(long budget, long? device) =>
        ArenaBytes ?? (device is { } all && all - Aside > budget ? all - Aside - budget : null);

    /// <summary>The provider's own options, by its names of them.</summary>
    /// <param name="id">Which GPU, from 0.</param>
    /// <param name="arena">Bytes that the arena may hold; null: no limit.</param>
    /// <param name="captures">Whether calls may be captured.</param>
    public Dictionary<string, string> ForProvider(int id, long? arena, bool captures)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = Text(id),
            ["arena_extend_strategy"] = ArenaGrowth == ArenaGrowth.Exact ? "kSameAsRequested" : "kNextPowerOfTwo",
            ["cudnn_conv_algo_search"] = ConvolutionSearch.ToString().ToUpperInvariant(),
            ["cudnn_conv_use_max_workspace"] = Text(ConvolutionWorkspace),
            ["fuse_conv_bias"] = Text(FuseConvolutionBias),
            ["prefer_nhwc"] = Text(PreferNhwc),
            ["use_tf32"] = Text(Tf32),
            ["do_copy_in_default_stream"] = Text(true), // without, memory may be used again before a copy out of it is done
            ["enable_cuda_graph"] = Text(captures),
        };
        if (arena is { } bytes) options["gpu_mem_limit"] = Text(bytes);
        return options;
    }

    private static string Text(bool value) => value ? "1" : "0";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How an arena grows.</summary>
public enum ArenaGrowth
{
    /// <summary>By what is asked for.</summary>
    Exact,

    /// <summary>By powers of two.</summary>
    Doubling,
}

/// <summary>How cuDNN chooses the kernel of a convolution.</summary>
public enum ConvolutionSearch
{
    /// <summary>By its rules.</summary>
    Heuristic,

    /// <summary>By trying, or by its longer rules, as the version has it.</summary>
    Exhaustive,

    /// <summary>One kernel for all.</summary>
    Default,
}
