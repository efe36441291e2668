using System.Diagnostics;
using Darkroom.Models.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// One ONNX graph in memory: one session, shared by all requests. Calls come from the device's worker, one at a time; a lock guards against
/// a second caller (a command, a probe), never against waiting rows.
/// </summary>
public sealed class OnnxGraph : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly Lock gate = new();
    private readonly List<(long[] Signature, IReadOnlyList<string> Outputs, GraphBinding Binding)> bindings = [];
    private readonly string part;
    private bool disposed;

    private OnnxGraph(string path, InferenceSession session)
    {
        Path = path;
        part = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path)) ?? "";
        this.session = session;
        Inputs = [.. session.InputNames.Select(name => GraphPort.Of(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => GraphPort.Of(name, session.OutputMetadata[name]))];
    }

    /// <summary>Shapes whose buffers are kept, fewer where they are large; the least recently used goes first.</summary>
    internal int KeptShapes { get; set; } = 8;

    public string Path { get; }

    public IReadOnlyList<GraphPort> Inputs { get; }

    public IReadOnlyList<GraphPort> Outputs { get; }

    /// <exception cref="GraphException">The file is missing, is no ONNX graph, or ONNX Runtime refuses it; the message names the file.</exception>
    public static OnnxGraph Load(string path, SessionSettings settings) => Open(path, settings, options => new InferenceSession(path, options));

    /// <summary>Opens an edited graph in place of its file, whose folder still has the weights.</summary>
    /// <exception cref="GraphException">As for the file itself.</exception>
    internal static OnnxGraph Load(OnnxModel edited, SessionSettings settings) => Open(edited.Path, settings with { Quiet = true }, options =>
    {
        // A model from memory has no folder of its own to find its weights in.
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(edited.Path))!);
        return new InferenceSession(edited.ToArray(), options);
    });

    private static OnnxGraph Open(string path, SessionSettings settings, Func<SessionOptions, InferenceSession> open)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string name = NameOf(path);
        if (!File.Exists(path))
            throw new GraphException($"{name} is missing");
        try
        {
            using var options = settings.Create();
            return new OnnxGraph(path, open(options));
        }
        catch (OnnxRuntimeException e)
        {
            throw new GraphException($"{name} cannot be opened as an ONNX graph: {FirstLine(e.Message)}", e);
        }
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
            throw new GraphException($"{NameOf(Path)}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Runs the graph once. <paramref name="write"/> fills the inputs, <paramref name="read"/> takes the outputs; both see the same buffers,
    /// which are valid inside the call only.
    /// </summary>
    /// <param name="shapes">Full shape of every input in <see cref="Inputs"/> order, batch axis included.</param>
    /// <param name="outputs">Names of the outputs wanted.</param>
    /// <exception cref="GraphException">ONNX Runtime refused the call.</exception>
    internal void Run<TState>(
        IReadOnlyList<long[]> shapes, IReadOnlyList<string> outputs, TState state, Action<GraphBinding, TState> write, Action<GraphBinding, TState> read)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var binding = BindingFor(shapes, outputs);
            write(binding, state);
            try
            {
                long started = Stopwatch.GetTimestamp();
                binding.Run(options);
                GraphTelemetry.Ran(part, Stopwatch.GetElapsedTime(started));
            }
            catch (OnnxRuntimeException e)
            {
                throw new GraphException($"{part}: {FirstLine(e.Message)}", e);
            }
            read(binding, state);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            foreach (var (_, _, binding) in bindings) binding.Dispose();
            options.Dispose();
            session.Dispose();
        }
    }

    private GraphBinding BindingFor(IReadOnlyList<long[]> shapes, IReadOnlyList<string> outputs)
    {
        for (int i = 0; i < bindings.Count; i++)
        {
            var kept = bindings[i];
            if (!Matches(kept.Signature, shapes) || !IsSame(kept.Outputs, outputs)) continue;
            if (i > 0)
            {
                bindings.RemoveAt(i);
                bindings.Insert(0, kept);
            }
            return kept.Binding;
        }
        var made = new GraphBinding(session, [.. Inputs.Zip(shapes)], outputs);
        bindings.Insert(0, ([.. shapes.SelectMany(shape => shape)], outputs, made));
        if (bindings.Count > KeptShapes)
        {
            bindings[^1].Binding.Dispose();
            bindings.RemoveAt(bindings.Count - 1);
        }
        return made;
    }

    private static bool Matches(long[] signature, IReadOnlyList<long[]> shapes)
    {
        int at = 0;
        for (int i = 0; i < shapes.Count; i++)
            foreach (long side in shapes[i])
                if (at >= signature.Length || signature[at++] != side) return false;
        return at == signature.Length;
    }

    // By index: this is asked at every call, and an enumerator would be allocated.
    private static bool IsSame(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        if (ReferenceEquals(one, other)) return true;
        if (one.Count != other.Count) return false;
        for (int i = 0; i < one.Count; i++)
            if (one[i] != other[i]) return false;
        return true;
    }

    /// <summary>As people know it: part and file, not the folders of this machine.</summary>
    private static string NameOf(string path) => $"{System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path))}/{System.IO.Path.GetFileName(path)}";

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
