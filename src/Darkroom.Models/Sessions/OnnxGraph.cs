using System.Diagnostics;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Blocked;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Graphs.Writing;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// One ONNX graph in memory: one session, shared by all requests. Any number of threads may call it at a time; a session of one thread then does each call's
/// work on the caller's own. It must not be disposed during a call.
/// </summary>
public sealed class OnnxGraph : IGraphPart
{
    /// <summary>For a call of a thread that nobody watches: what is tried at a load, and previews.</summary>
    private static readonly TimeSpan MaxUnwatched = TimeSpan.FromMinutes(2);

    private readonly InferenceSession session;
    private readonly BindingPool bindings;
    private readonly SessionDevice? device;
    private readonly GraphTelemetry? telemetry;
    private readonly WeightMemory? weights; // that the session computes with in place
    private readonly string part, arena;
    private int shrinks, disposed;

    private OnnxGraph(string path, InferenceSession session, string arena, GraphTelemetry? telemetry, WeightMemory? weights, SessionDevice? device)
    {
        this.device = device;
        this.weights = weights;
        Path = path;
        part = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path)) ?? "";
        (this.session, this.arena, this.telemetry) = (session, arena, telemetry);
        Inputs = [.. session.InputNames.Select(name => GraphPort.Of(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => GraphPort.Of(name, session.OutputMetadata[name]))];
        bindings = new(session, Inputs, device);
    }

    OnnxGraph IGraphPart.Graph => this;

    /// <summary>Shapes whose buffers are kept between calls, fewer where they are large; the least recently used goes first.</summary>
    internal int KeptShapes
    {
        get => bindings.Kept;
        set => bindings.Kept = value;
    }

    public string Path { get; }

    /// <summary>Whether rows of one call would not be what each is alone: they share the scales that are found in it.</summary>
    internal bool NeedsRowsAlone { get; private init; }

    /// <summary>Whether it runs on a CPU.</summary>
    internal bool IsOnCpu => arena.StartsWith("cpu", StringComparison.Ordinal);

    public IReadOnlyList<GraphPort> Inputs { get; }

    public IReadOnlyList<GraphPort> Outputs { get; }

    /// <exception cref="GraphException">The file is missing, is no ONNX graph, or ONNX Runtime refuses it; the message names the file.</exception>
    public static OnnxGraph Load(string path, SessionSettings settings) => File.Exists(path)
        ? Open(path, settings, options => new InferenceSession(path, options))
        : throw new GraphException($"{NameOf(path)} is missing");

    /// <summary>Opens an edited graph in place of its file, whose folder still has the weights that were not put in others' place.</summary>
    /// <exception cref="GraphException">As for the file itself.</exception>
    internal static OnnxGraph Load(OnnxModel edited, SessionSettings settings)
    {
        if (!File.Exists(edited.Path)) throw new GraphException($"{NameOf(edited.Path)} is missing");
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(edited.Path))!;
        if (settings.Quantising is { } rules) QuantisedGraph.Apply(edited, rules);
        // The session copies these, as it does those of the file.
        using var weights = edited.Weights.Count == 0 ? null : WeightMemory.Read(NameOf(edited.Path), edited.Weights, settings.Threads);
        return Open(edited.Path, settings with { Quiet = true }, options =>
        {
            if (weights is not null) RuntimeInterop.AddTensors(options, edited.Weights, weights.Places);
            return FromMemory(edited.ToArray(), folder, options);
        });
    }

    /// <summary>Opens a graph that was written for weights in files.</summary>
    /// <param name="pool">Other sessions' weights, which a session on a CPU computes with where it needs the same.</param>
    /// <exception cref="GraphException">A weight cannot be read or is no number, or ONNX Runtime refuses the graph.</exception>
    internal static OnnxGraph Load(WrittenGraph written, SessionSettings settings, WeightPool? pool = null)
    {
        // It has no file: a path with its part as the folder stands for one in messages.
        string path = System.IO.Path.Combine(written.Part, "written graph");
        if (settings.Quantising is { } rules) written = QuantisedGraph.Of(written, rules);
        bool inPlace = settings.ComputesInPlace(written);
        if (inPlace && !settings.PlainConvolutions) written = BlockedGraph.Of(written, BlockedLayout.Block);
        var weights = WeightMemory.Read(written.Part, written.Weights.Values, settings.Threads, inPlace && settings.Quantising is null ? pool : null);
        try
        {
            var graph = Open(path, settings, options =>
            {
                RuntimeInterop.AddWeights(options, weights.Places);
                if (inPlace)
                {
                    // The session computes with this very memory: no copy in a layout of its own, which costs as much again in memory, and seconds a gigabyte.
                    // What the highest level would gain, the layout of convolutions, the graph has already.
                    options.AddSessionConfigEntry("session.use_external_initializer_file_buffers_directly", "1");
                    options.AddSessionConfigEntry("session.disable_prepacking", "1");
                    options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
                }
                return new InferenceSession(written.Model.ToArray(), options);
            }, inPlace ? weights : null);
            if (!inPlace) weights.Dispose(); // the device has its own
            return graph;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static InferenceSession FromMemory(byte[] model, string folder, SessionOptions options)
    {
        // A model from memory has no folder of its own to find its weights in.
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
        return new InferenceSession(model, options);
    }

    private static OnnxGraph Open(string path, SessionSettings settings, Func<SessionOptions, InferenceSession> open, WeightMemory? weights = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string name = NameOf(path);
        try
        {
            var (session, captures) = settings.Captures ? OpenCapturing(settings, open) : (Create(settings, open, captures: false), false);
            return new OnnxGraph(path, session, settings.Device == "cuda" ? $"gpu:{settings.DeviceId}" : "cpu:0", settings.Telemetry, weights,
                SessionDevice.Of(settings, captures))
            {
                NeedsRowsAlone = settings.Quantising is { NeedsRowsAlone: true },
            };
        }
        catch (OnnxRuntimeException e)
        {
            throw new GraphException($"{name} cannot be opened as an ONNX graph: {RuntimeMessage.Of(e.Message, path)}",
                RuntimeFaults.Of(e.Message) is (GraphFault.OutOfMemory or GraphFault.Unavailable) and var fault ? fault : GraphFault.Refused, e);
        }
    }

    /// <summary>Opens a session whose calls may be captured, or one like any other where the graph has nodes that no capture can hold.</summary>
    private static (InferenceSession Session, bool Captures) OpenCapturing(SessionSettings settings, Func<SessionOptions, InferenceSession> open)
    {
        CaptureGate.BeginPlain();
        try
        {
            return (Create(settings with { Quiet = true }, open, captures: true), true);
        }
        catch (OnnxRuntimeException e) when (RuntimeFaults.RefusesCapture(e.Message))
        {
            return (Create(settings, open, captures: false), false);
        }
        finally
        {
            CaptureGate.EndPlain();
        }
    }

    private static InferenceSession Create(SessionSettings settings, Func<SessionOptions, InferenceSession> open, bool captures)
    {
        using var options = settings.Create(captures);
        return open(options);
    }

    /// <summary>Gives the graph to the part of a model that it stands for. One that is no such part is closed, and the message names its file.</summary>
    /// <exception cref="GraphException">The part refused it.</exception>
    internal T As<T>(Func<OnnxGraph, T> part)
    {
        try
        {
            return part(this);
        }
        catch (GraphException e)
        {
            Dispose();
            throw new GraphException($"{NameOf(Path)}: {e.Message}", e.Fault, e);
        }
    }

    /// <summary>
    /// Runs the graph once. <paramref name="write"/> fills the inputs, <paramref name="read"/> takes the outputs; both see the same buffers,
    /// which are valid inside the call only.
    /// </summary>
    /// <param name="shapes">Full shape of every input in <see cref="Inputs"/> order, batch axis included.</param>
    /// <param name="outputs">Names of the outputs wanted.</param>
    /// <exception cref="GraphException">The call failed; its <see cref="GraphException.Fault"/> says what that means.</exception>
    internal void Run<TState>(
        IReadOnlyList<long[]> shapes, IReadOnlyList<string> outputs, TState state, Action<GraphBinding, TState> write, Action<GraphBinding, TState> read)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        GraphBinding? binding = null;
        bool sound = false;
        long started = 0;
        var stop = CallStop.OfThread ?? CallStop.After(MaxUnwatched);
        using var span = GraphSpans.Begin(part, shapes is [[var rows, ..], ..] ? rows : 1);
        try
        {
            binding = bindings.Take(shapes, outputs);
            write(binding, state);
            started = Stopwatch.GetTimestamp();
            using var shrinking = Interlocked.Exchange(ref shrinks, 0) == 0 ? null : Shrinking();
            binding.Run(stop, shrinking);
            telemetry?.Ran(part, Stopwatch.GetElapsedTime(started));
            read(binding, state);
            sound = true;
        }
        catch (OnnxRuntimeException e) when (started != 0 && stop.Reason is { } reason)
        {
            span.Fail(reason);
            throw new GraphException($"{part} was stopped after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s", reason, e);
        }
        catch (OnnxRuntimeException e)
        {
            var fault = RuntimeFaults.Of(e.Message);
            span.Fail(fault);
            throw new GraphException($"{part}: {RuntimeMessage.Of(e.Message, Path)}", fault, e);
        }
        finally
        {
            // What a failed call left in its buffers is nobody's.
            if (sound) bindings.Return(binding!);
            else binding?.Dispose();
        }
    }

    /// <summary>
    /// Has the next call give back what earlier ones took from the system beyond what is in use: buffers that are kept, and the arena of the session.
    /// </summary>
    internal void ShrinkNext()
    {
        bindings.Clear();
        if (device?.Captures is not { Count: > 0 }) Volatile.Write(ref shrinks, 1); // a capture computes in what the arena would give back
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        if (device?.Captures is not null) CaptureGate.BeginPlain();
        bindings.Close();
        session.Dispose();
        weights?.Dispose();
        if (device?.Captures is not null) CaptureGate.EndPlain();
    }

    private RunOptions Shrinking()
    {
        var options = device?.Options() ?? new RunOptions();
        options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", arena);
        return options;
    }

    /// <summary>As people know it: part and file, not the folders of this machine.</summary>
    private static string NameOf(string path) => $"{System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path))}/{System.IO.Path.GetFileName(path)}";
}
