using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Graphs.Writing;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>How sessions are made: where they run and with how many threads.</summary>
public sealed record SessionSettings
{
    private static int profiles;

    /// <summary>Threads inside one run; 0: one for each core.</summary>
    public int Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Which GPU, for <c>cuda</c>.</summary>
    public int DeviceId { get; init; }

    /// <summary>What models compute with whose cards do not say.</summary>
    public WeightPrecision Precision { get; init; }

    /// <summary>What CUDA is asked for.</summary>
    public CudaOptions Cuda { get; init; } = new();

    /// <summary>Bytes of weights that may be on the device.</summary>
    internal long Budget { get; init; } = long.MaxValue;

    /// <summary>What counts the session's calls; null: nothing does.</summary>
    public GraphTelemetry? Telemetry { get; init; }

    /// <summary>Where sessions on the CPU take the memory for their calls; null: each has an arena of its own, without a limit.</summary>
    internal HostArena? Arena { get; init; }

    /// <summary>How the graph's large layers are quantised; null: they are not.</summary>
    internal QuantisingRules? Quantising { get; init; }

    /// <summary>Memory for calls that is not the machine's own; null: as the device has it.</summary>
    internal IDeviceTransfer? Transfer { get; init; }

    /// <summary>Whether calls may be captured as CUDA graphs.</summary>
    internal bool Captures => Cuda.Graphs > 0 && (Device == "cuda" || Transfer is not null);

    /// <summary>For a session that may fail and be done without: the exception says it, the log need not.</summary>
    internal bool Quiet { get; init; }

    /// <summary>
    /// Whether a session computes with a written graph's weights in the memory that they are read to. Integers are a little faster in the kernels' own
    /// layout, but both copies are there while the runtime makes that one: it does where there is room for both.
    /// </summary>
    internal bool ComputesInPlace(WrittenGraph graph) =>
        Device == "cpu" && graph.ComputesInPlace && (Quantising is null || 2 * graph.WeightBytes > Budget);

    /// <summary>What a model computes with here: what its card says, else what the device is set to.</summary>
    /// <exception cref="GraphException">The device has no kernels for it.</exception>
    internal WeightPrecision PrecisionOf(WeightPrecision card)
    {
        var wanted = card == WeightPrecision.Auto ? Precision : card;
        return FaultOf(wanted, Device) is { } fault ? throw new GraphException($"precision: {fault}", GraphFault.Misfit) : wanted;
    }

    /// <summary>Why a kind of device cannot compute so; null where it can.</summary>
    public static string? FaultOf(WeightPrecision precision, string device) => (precision, device) switch
    {
        (WeightPrecision.Float16, "cpu") => "fp16 cannot be used on a CPU, for which there are no such kernels; auto, fp32, int8 and int4 can",
        (WeightPrecision.Int8 or WeightPrecision.Int4, not "cpu") =>
            $"{precision.Word()} cannot be used on a GPU, for which there are no such kernels here; auto, fp16 and fp32 can",
        _ => null,
    };

    /// <summary>Whether convolutions of written graphs stay in ONNX's own layout, as they do where the runtime has no other.</summary>
    internal bool PlainConvolutions { get; init; }

    /// <summary>Where ONNX Runtime writes what the session's nodes took, when it is closed: how the file's name begins; null: nothing is written.</summary>
    internal string? ProfilePrefix { get; init; }

    /// <param name="captures">Whether calls may be captured as CUDA graphs.</param>
    /// <exception cref="GraphException">This build, or this machine, has no such device.</exception>
    internal SessionOptions Create(bool captures = false)
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
        if (ProfilePrefix is { } prefix)
        {
            options.ProfileOutputPathPrefix = $"{prefix}-{Interlocked.Increment(ref profiles)}"; // sessions of one second would share a name
            options.EnableProfiling = true; // takes the name that is there by now
        }
        if (Device == "cuda")
        {
            // Weights stay as long as the session. Outside of the arena they leave no gaps in it, and its limit is one for calls.
            options.AddSessionConfigEntry("session.use_device_allocator_for_initializers", "1");
            AppendCuda(options, captures);
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

    private void AppendCuda(SessionOptions options, bool captures)
    {
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            long? memory = CudaDriver.Devices()?.FirstOrDefault(device => device.Id == DeviceId)?.Bytes;
            cuda.UpdateOptions(Cuda.ForProvider(DeviceId, Cuda.ArenaLimit(Budget, memory), captures));
            options.AppendExecutionProvider_CUDA(cuda);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            // The CPU package lacks the entry point altogether; the GPU package reports a missing driver.
            options.Dispose();
            throw new GraphException($"CUDA is not available. {CudaSupport.FaultOf(DeviceId) ?? e.Message}", e);
        }
    }
}
