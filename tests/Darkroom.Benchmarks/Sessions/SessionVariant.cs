using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Benchmarks.Sessions;

/// <summary>One way to make a session that differs from the server's own in one thing.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Change">Makes the difference, on top of the server's settings.</param>
internal sealed record SessionVariant(string Name, Action<SessionOptions> Change)
{
    public const string DefaultName = "default";

    /// <summary>Threads of the process's own pool, where sessions share one; null where each session has its own.</summary>
    public OrtThreadingOptionsChoice? GlobalPool { get; init; }

    /// <summary>Whether sessions share one arena of the process.</summary>
    public bool SharedArena { get; init; }

    /// <summary>Whether batch, height, width and text length are written into the graph, one session for each number of rows.</summary>
    public bool FixedDimensions { get; init; }

    /// <summary>Whether inputs and outputs are passed anew at every call instead of being bound once.</summary>
    public bool Unbound { get; init; }

    /// <summary>All variants, the server's own first.</summary>
    public static IReadOnlyList<SessionVariant> All { get; } =
    [
        new(DefaultName, _ => { }),
        new("1 thread", options => options.IntraOpNumThreads = 1),
        new("2 threads", options => options.IntraOpNumThreads = 2),
        new("no spinning", Entry("session.intra_op.allow_spinning", "0")),
        new("spin 100 us", Entry("session.intra_op.spin_duration_us", "100")),
        new("stop spinning after a call", Entry("session.force_spinning_stop", "1")),
        new("1 thread, no spinning", options =>
        {
            options.IntraOpNumThreads = 1;
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        }),
        new("dynamic blocks of 4", Entry("session.dynamic_block_base", "4")),
        new("no arena", options => options.EnableCpuMemArena = false),
        new("no memory pattern", options => options.EnableMemoryPattern = false),
        new("shared arena (use_env_allocators)", Entry("session.use_env_allocators", "1")) { SharedArena = true },
        new("optimisation basic", options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC),
        new("optimisation extended", options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED),
        new("denormals are zero", Entry("session.set_denormal_as_zero", "1")),
        new("no prepacked weights", Entry("session.disable_prepacking", "1")),
        new("free dimensions fixed", _ => { }) { FixedDimensions = true },
        new("parallel execution, 2 inter-op", options =>
        {
            options.ExecutionMode = ExecutionMode.ORT_PARALLEL;
            options.InterOpNumThreads = 2;
        }),
        new("global pool", options => options.DisablePerSessionThreads()) { GlobalPool = new(Spin: true) },
        new("global pool, no spinning", options => options.DisablePerSessionThreads()) { GlobalPool = new(Spin: false) },
        new("run without binding", _ => { }) { Unbound = true },
    ];

    private static Action<SessionOptions> Entry(string key, string value) => options => options.AddSessionConfigEntry(key, value);
}

/// <summary>How the process's pool waits for work.</summary>
internal sealed record OrtThreadingOptionsChoice(bool Spin);
