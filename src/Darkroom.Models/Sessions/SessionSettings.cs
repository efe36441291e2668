using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>How sessions are made: where they run and with how many threads.</summary>
public sealed record SessionSettings
{
    /// <summary>Threads inside one run; 0: one for each core.</summary>
    public int Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Which GPU, for <c>cuda</c>.</summary>
    public int DeviceId { get; init; }

    /// <summary>What counts the session's calls; null: nothing does.</summary>
    public GraphTelemetry? Telemetry { get; init; }

    /// <summary>Where sessions on the CPU take the memory for their calls; null: each has an arena of its own, without a limit.</summary>
    internal HostArena? Arena { get; init; }

    /// <summary>For a session that may fail and be done without: the exception says it, the log need not.</summary>
    internal bool Quiet { get; init; }

    /// <exception cref="GraphException">This build, or this machine, has no such device.</exception>
    internal SessionOptions Create()
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // Set explicitly: by default ONNX Runtime pins each session's threads to cores, the same ones for every session.
            IntraOpNumThreads = Threads > 0 ? Threads : Environment.ProcessorCount,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = Quiet ? OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL : OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (Device == "cuda")
        {
            AppendCuda(options);
        }
        else
        {
            // Both as measured (docs/performance.md): threads that wait by turning burn the cores that requests, encoders and other sessions need,
            // and buffers laid out in advance hold more memory than they save time.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.EnableMemoryPattern = false;
            Arena?.Join(options);
        }
        return options;
    }

    private void AppendCuda(SessionOptions options)
    {
        try
        {
            options.AppendExecutionProvider_CUDA(DeviceId);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            // The CPU package lacks the entry point altogether; the GPU package reports a missing driver.
            options.Dispose();
            throw new GraphException($"CUDA is not available. {CudaSupport.FaultOf(DeviceId) ?? e.Message}", e);
        }
    }
}
