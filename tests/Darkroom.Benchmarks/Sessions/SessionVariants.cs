using Microsoft.ML.OnnxRuntime;
using static Darkroom.Benchmarks.Sessions.SessionVariant;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>Variants that are compared with the first of them.</summary>
internal sealed record SessionVariants(string Name, IReadOnlyList<SessionVariant> All)
{
    private static readonly Action<SessionOptions> Still = Entry("session.intra_op.allow_spinning", "0");
    private static readonly Action<SessionOptions> Short = Entry("session.intra_op.spin_duration_us", "100");

    /// <summary>Who computes and who waits, against the sessions as the server makes them.</summary>
    public static SessionVariants Threading { get; } = new("threads",
    [
        new("server's"),
        new("1 thread", Threads(1)),
        new("no spinning", Still),
        new("spin 100 us", Short),
        // Threads of a number that is left to ONNX Runtime are bound to a core each; of a number that is given they are not.
        new("not pinned", Threads(Environment.ProcessorCount)),
        new("not pinned, no spinning", Threads(Environment.ProcessorCount), Still),
        new("not pinned, spin 100 us", Threads(Environment.ProcessorCount), Short),
        new("stop spinning after a call", Entry("session.force_spinning_stop", "1")),
        new("dynamic blocks of 4", Entry("session.dynamic_block_base", "4")),
        new("parallel execution, 2 inter-op", options => options.ExecutionMode = ExecutionMode.ORT_PARALLEL, options => options.InterOpNumThreads = 2),
        new("global pool", options => options.DisablePerSessionThreads()) { GlobalPoolSpins = true },
        new("global pool, no spinning", options => options.DisablePerSessionThreads()) { GlobalPoolSpins = false },
    ]);

    /// <summary>What is computed and where it lies. All on one thread, so that others on the machine disturb less: there is no partner to wait for.</summary>
    public static SessionVariants Graph { get; } = new("graph",
    [
        new("server's, 1 thread", Threads(1)),
        new("no arena", Threads(1), options => options.EnableCpuMemArena = false),
        new("no memory pattern", Threads(1), options => options.EnableMemoryPattern = false),
        new("shared arena (use_env_allocators)", Threads(1), Entry("session.use_env_allocators", "1")) { SharedArena = true },
        new("optimisation basic", Threads(1), options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC),
        new("optimisation extended", Threads(1), options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED),
        new("denormals are zero", Threads(1), Entry("session.set_denormal_as_zero", "1")),
        new("no prepacked weights", Threads(1), Entry("session.disable_prepacking", "1")),
        new("free dimensions fixed", Threads(1)) { FixedDimensions = true },
        new("run without binding", Threads(1)) { Unbound = true },
    ]);

    public static IReadOnlyList<SessionVariants> Sets { get; } = [Threading, Graph];

    public SessionVariant Default => All[0];

    public SessionVariant Find(string name) => All.Single(variant => variant.Name == name);
}
