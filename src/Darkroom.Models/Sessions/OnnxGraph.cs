using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>
/// One ONNX graph in memory: one session, shared by all requests. Calls come from the device's worker, one at a time; a lock guards against
/// a second caller (a command, a probe), never against waiting rows.
/// </summary>
public sealed class OnnxGraph : IDisposable
{
    /// <summary>Shapes whose buffers are kept; the least recently used goes first.</summary>
    private const int KeptBindings = 8;

    private readonly int keptBindings;
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly Lock gate = new();
    private readonly List<(long[] Signature, GraphBinding Binding)> bindings = [];
    private readonly string part;
    private bool disposed;

    private OnnxGraph(string path, InferenceSession session, int keptBindings)
    {
        Path = path;
        this.keptBindings = keptBindings;
        part = System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path)) ?? "";
        this.session = session;
        Inputs = [.. session.InputNames.Select(name => GraphPort.Of(name, session.InputMetadata[name]))];
        Outputs = [.. session.OutputNames.Select(name => GraphPort.Of(name, session.OutputMetadata[name]))];
    }

    public string Path { get; }

    public IReadOnlyList<GraphPort> Inputs { get; }

    public IReadOnlyList<GraphPort> Outputs { get; }

    /// <param name="keptBindings">Shapes whose buffers are kept: fewer where they are large.</param>
    /// <exception cref="GraphException">The file is missing, is no ONNX graph, or ONNX Runtime refuses it; the message names the file.</exception>
    public static OnnxGraph Load(string path, SessionSettings settings, int keptBindings = KeptBindings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string name = $"{System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(path))}/{System.IO.Path.GetFileName(path)}";
        if (!File.Exists(path))
            throw new GraphException($"{name} is missing");
        try
        {
            using var options = settings.Create();
            return new OnnxGraph(path, new InferenceSession(path, options), keptBindings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new GraphException($"{name} cannot be opened as an ONNX graph: {FirstLine(e.Message)}", e);
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
            foreach (var (_, binding) in bindings) binding.Dispose();
            options.Dispose();
            session.Dispose();
        }
    }

    private GraphBinding BindingFor(IReadOnlyList<long[]> shapes, IReadOnlyList<string> outputs)
    {
        for (int i = 0; i < bindings.Count; i++)
        {
            var kept = bindings[i];
            if (!Matches(kept.Signature, shapes)) continue;
            if (i > 0)
            {
                bindings.RemoveAt(i);
                bindings.Insert(0, kept);
            }
            return kept.Binding;
        }
        var made = new GraphBinding(session, [.. Inputs.Zip(shapes)], outputs);
        bindings.Insert(0, ([.. shapes.SelectMany(shape => shape)], made));
        if (bindings.Count > keptBindings)
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

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
