using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Darkroom.Models.Families;

/// <summary>
/// The network that is called at every step. Inputs are found by their names in the graph: the latents, the timestep, and whatever the row's
/// <see cref="Conditioning"/> names.
/// </summary>
public sealed class Denoiser : IGraphPart
{
    private readonly OnnxGraph graph;
    private readonly GraphPort sample;
    private readonly GraphPort timestep;
    private readonly string[] outputs;
    private readonly FixedBatch batch;
    private readonly Known?[] known = new Known?[32]; // by number of rows, each replaced as a whole: calls may come from several threads

    /// <summary>What the inputs for latents and timestep are called.</summary>
    internal static readonly string[] SampleNames = ["sample", "hidden_states"], TimestepNames = ["timestep", "t"];

    /// <exception cref="GraphException">The graph has not the inputs of a denoiser.</exception>
    public Denoiser(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        sample = Port(SampleNames);
        batch = new FixedBatch(sample);
        timestep = Port(TimestepNames);
        var output = graph.Outputs.FirstOrDefault(port => port.Name is "out_sample" or "noise_pred" or "out_hidden_states")
            ?? (graph.Outputs.Count == 1 ? graph.Outputs[0] : null)
            ?? throw new GraphException($"the denoiser has outputs {GraphPort.NamesOf(graph.Outputs)}, none of them out_sample");
        outputs = [output.Name];
        if (sample.Rank != 4)
            throw new GraphException($"the denoiser's input '{sample.Name}' has {sample.Rank} axes where 4 were expected");
        // A free first axis is a row axis when it carries the latents' own batch name; another free name ("steps") takes one value only.
        TimestepPerRow = timestep.Rank == 1 && timestep.Shape[0] < 0 && timestep.Axes[0] == sample.Axes[0];
    }

    /// <summary>Whether rows of different timesteps may share a call.</summary>
    public bool TimestepPerRow { get; }

    /// <summary>Why they may not; null where they may, or nobody asked.</summary>
    public string? TimestepReason { get; init; }

    /// <summary>The timestep's element type in the graph.</summary>
    public TensorElementType TimestepType => timestep.Element;

    /// <summary>Element type of latents and weights.</summary>
    public TensorElementType Precision => sample.Element;

    /// <summary>Channels of the latents' input, where the graph fixes them; else −1.</summary>
    public int Channels => sample.Shape[1];

    /// <summary>The last axis of every input, −1 where it is free.</summary>
    internal IReadOnlyDictionary<string, int> Widths => graph.Inputs.Where(port => port.Rank > 0).ToDictionary(port => port.Name, port => port.Shape[^1]);

    /// <summary>Runs rows of one latent shape and one conditioning signature; all timesteps equal where <see cref="TimestepPerRow"/> is false.</summary>
    /// <exception cref="GraphException">The graph refused the call, or its answer has another shape than the latents.</exception>
    public void Run(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows)
    {
        if (!batch.Takes(rows.Length))
        {
            foreach (var (group, _) in batch.Groups(rows.ToArray(), static row => row with { Output = new float[row.Output.Length] })) Run(shape, group);
            return;
        }
        var first = rows.Span[0];
        graph.Run(
            ShapesOf(shape, rows.Length, first.Conditioning, first.MoreChannels.Length), outputs, (Self: this, Shape: shape, Rows: rows),
            static (binding, call) => call.Self.Write(binding, call.Rows.Span),
            static (binding, call) =>
            {
                var span = call.Rows.Span;
                binding.Expect(call.Self.outputs[0], span.Length, call.Shape.Channels, call.Shape.Height, call.Shape.Width); // [B, C, h, w]
                for (int row = 0; row < span.Length; row++)
                    binding.Read(call.Self.outputs[0], row, span[row].Output.Span);
            });
    }

    OnnxGraph IGraphPart.Graph => graph;

    public void Dispose() => graph.Dispose();

    /// <summary>Noise for every input that a row's conditioning would give; free axes get the length of a text.</summary>
    internal Conditioning MadeUp(int tokens, INormalGenerator noise) => new([.. graph.Inputs.Where(port => port != sample && port != timestep).Select(port =>
    {
        int[] sides = [.. port.Shape.Skip(1).Select(side => side < 0 ? tokens : side)]; // [S, D]
        var values = new float[sides.Aggregate(1, (count, side) => count * side)];
        noise.Normal(values);
        return new NamedTensor(port.Name, sides, values);
    })]);

    private void Write(GraphBinding binding, ReadOnlySpan<DenoiserRow> rows)
    {
        Span<float> time = stackalloc float[1];
        for (int row = 0; row < rows.Length; row++)
        {
            ReadOnlySpan<float> latents = rows[row].Latents.Span, more = rows[row].MoreChannels.Span;
            int at = row * (latents.Length + more.Length);
            binding.WriteAt(sample.Name, at, latents, (float)rows[row].InputScale);
            if (more.Length > 0) binding.WriteAt(sample.Name, at + latents.Length, more);
            time[0] = (float)rows[row].Timestep;
            if (TimestepPerRow || row == 0)
                binding.Write(timestep.Name, row, time);
            var tensors = rows[row].Conditioning.Tensors;
            for (int i = 0; i < tensors.Count; i++) // by index: an enumerator would be allocated at every call
                binding.Write(tensors[i].Input, row, tensors[i].Values);
        }
    }

    /// <summary>The shapes of all inputs; a run of one shape asks for them at every step.</summary>
    private long[][] ShapesOf(LatentShape shape, int rows, Conditioning conditioning, int more)
    {
        ref var kept = ref known[rows % known.Length];
        if (Volatile.Read(ref kept) is { } last && last.Shape == shape && last.Rows == rows && last.Signature == conditioning.Signature && last.More == more)
            return last.Shapes;
        var shapes = MakeShapes(shape, rows, conditioning, more);
        Volatile.Write(ref kept, new(shape, rows, conditioning.Signature, more, shapes));
        return shapes;
    }

    private long[][] MakeShapes(LatentShape shape, int rows, Conditioning conditioning, int more)
    {
        var shapes = new long[graph.Inputs.Count][];
        for (int i = 0; i < shapes.Length; i++)
        {
            var port = graph.Inputs[i];
            if (port.Name == sample.Name)
                shapes[i] = [rows, shape.Channels + more / (shape.Height * shape.Width), shape.Height, shape.Width]; // [B, C, h, w]
            else if (port.Name == timestep.Name)
                shapes[i] = timestep.Rank == 0 ? [] : [TimestepPerRow ? rows : 1];
            else if (conditioning.For(port.Name) is { } tensor)
                shapes[i] = [rows, .. tensor.Shape.Select(side => (long)side)];
            else
                throw new GraphException($"the denoiser asks for an input '{port.Name}' that this family does not give");
        }
        return shapes;
    }

    private sealed record Known(LatentShape Shape, int Rows, string Signature, int More, long[][] Shapes);

    private GraphPort Port(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (graph.Inputs.FirstOrDefault(port => port.Name == name) is { } found)
                return found;
        throw new GraphException($"the denoiser has inputs {GraphPort.NamesOf(graph.Inputs)}, none of them {names[0]}");
    }
}
