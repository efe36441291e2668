using System.Buffers;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Graphs.Observing;
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
    private readonly bool isPacked; // its latents are a list of patches
    private readonly bool learnsVariance;
    private readonly double timestepScale;
    private readonly ResidualPorts residuals;
    private readonly Known?[] known = new Known?[32]; // by number of rows, each replaced as a whole: calls may come from several threads

    /// <summary>Of a value that is observed.</summary>
    private const int MaxAxes = 9;

    /// <summary>What the inputs for latents and timestep are called.</summary>
    internal static readonly string[] SampleNames = ["sample", "hidden_states"], TimestepNames = ["timestep", "t"];

    /// <param name="graph">The denoiser's graph.</param>
    /// <param name="options">What its family knows of it.</param>
    /// <exception cref="GraphException">The graph has not the inputs of a denoiser.</exception>
    public Denoiser(OnnxGraph graph, DenoiserOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        sample = Port(SampleNames);
        batch = FixedBatch.OfRows(graph, sample);
        timestep = Port(TimestepNames);
        var output = graph.Outputs.FirstOrDefault(port => port.Name is "out_sample" or "noise_pred" or "out_hidden_states")
            ?? (graph.Outputs.Where(port => !ObservedGraph.IsObserved(port.Name)).ToArray() is [var only] ? only : null)
            ?? throw new GraphException($"the denoiser has outputs {GraphPort.NamesOf(graph.Outputs)}, none of them out_sample");
        outputs = [output.Name, .. Enumerable.Range(0, graph.Outputs.Count(port => ObservedGraph.IsObserved(port.Name))).Select(ObservedGraph.OutputOf)];
        // Noise, and behind it a variance that was learned: samplers take the noise.
        learnsVariance = sample.Rank == 4 && output.Rank == 4 && sample.Shape[1] > 0 && output.Shape[1] == 2 * sample.Shape[1];
        var given = options ?? new DenoiserOptions();
        timestepScale = given.TimestepScale;
        residuals = new ResidualPorts(graph.Inputs, given);
        isPacked = sample.Rank == 3 && graph.Inputs.Any(port => port.Name == PackedLatents.ImageIds);
        if (sample.Rank != 4 && !isPacked)
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

    /// <summary>Channels of the latents' input for each cell, where the graph fixes them; else −1.</summary>
    public int Channels => !isPacked ? sample.Shape[1] : sample.Shape[2] < 0 ? -1 : sample.Shape[2] / (PackedLatents.Patch * PackedLatents.Patch);

    /// <summary>The last axis of every input, −1 where it is free.</summary>
    internal IReadOnlyDictionary<string, int> Widths => graph.Inputs.Where(port => port.Rank > 0).ToDictionary(port => port.Name, port => port.Shape[^1]);

    /// <summary>Runs rows of one latent shape and one conditioning signature; all timesteps equal where <see cref="TimestepPerRow"/> is false.</summary>
    /// <exception cref="GraphException">The graph refused the call, or its answer has another shape than the latents.</exception>
    public void Run(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows)
    {
        if (!batch.Takes(rows.Length))
        {
            foreach (var (group, _) in batch.Groups(rows.ToArray(), static row => row with { Output = new float[row.Output.Length],
                Observer = null })) Run(shape, group);
            return;
        }
        var first = rows.Span[0];
        bool added = residuals.AreWhole(rows.Span);
        graph.Run(
            ShapesOf(shape, rows.Length, first.Conditioning, first.MoreChannels.Length, added), outputs, (Self: this, Shape: shape, Rows: rows, Added: added),
            static (binding, call) => call.Self.Write(binding, call.Shape, call.Rows.Span, call.Added),
            static (binding, call) =>
            {
                var span = call.Rows.Span;
                call.Self.Read(binding, call.Shape, span);
                call.Self.Observe(binding, span);
            });
    }

    OnnxGraph IGraphPart.Graph => graph;

    public void Dispose() => graph.Dispose();

    /// <summary>Noise for every input that a row's conditioning would give; free axes get the length of a text.</summary>
    internal Conditioning MadeUp(int tokens, INormalGenerator noise) => new([.. graph.Inputs.Where(IsConditioning).Select(port =>
    {
        int[] sides = [.. port.Shape.Skip(1).Select(side => side < 0 ? tokens : side)]; // [S, D]
        var values = new float[sides.Aggregate(1, (count, side) => count * side)];
        noise.Normal(values);
        return new NamedTensor(port.Name, sides, values);
    })]);

    private void Write(GraphBinding binding, LatentShape shape, ReadOnlySpan<DenoiserRow> rows, bool added)
    {
        Span<float> time = stackalloc float[1];
        if (isPacked) WritePlaces(binding, shape, rows.Length, rows[0].Conditioning);
        for (int row = 0; row < rows.Length; row++)
        {
            ReadOnlySpan<float> latents = rows[row].Latents.Span, more = rows[row].MoreChannels.Span;
            int at = row * (latents.Length + more.Length);
            if (isPacked) WritePacked(binding, row, latents, shape, (float)rows[row].InputScale);
            else binding.WriteAt(sample.Name, at, latents, (float)rows[row].InputScale);
            if (more.Length > 0) binding.WriteAt(sample.Name, at + latents.Length, more);
            residuals.Write(binding, row, shape, rows[row].Residuals, added);
            time[0] = (float)(rows[row].Timestep * timestepScale);
            if (TimestepPerRow || row == 0)
                binding.Write(timestep.Name, row, time);
            var tensors = rows[row].Conditioning.Tensors;
            for (int i = 0; i < tensors.Count; i++) // by index: an enumerator would be allocated at every call
                binding.WriteKept(tensors[i].Input, row, tensors[i].Values);
        }
    }

    private void Read(GraphBinding binding, LatentShape shape, ReadOnlySpan<DenoiserRow> rows)
    {
        if (!isPacked)
        {
            binding.Expect(outputs[0], rows.Length, learnsVariance ? 2 * shape.Channels : shape.Channels, shape.Height, shape.Width); // [B, C or 2C, h, w]
            for (int row = 0; row < rows.Length; row++)
                if (learnsVariance) binding.ReadStart(outputs[0], row, rows[row].Output.Span);
                else binding.Read(outputs[0], row, rows[row].Output.Span);
            return;
        }
        int patches = PackedLatents.Count(shape);
        binding.Expect(outputs[0], rows.Length, patches, shape.Length / patches); // [B, h/2 · w/2, 4 C]
        float[] packed = ArrayPool<float>.Shared.Rent(shape.Length);
        for (int row = 0; row < rows.Length; row++)
        {
            binding.Read(outputs[0], row, packed.AsSpan(0, shape.Length));
            PackedLatents.Unpack(packed.AsSpan(0, shape.Length), shape, rows[row].Output.Span);
        }
        ArrayPool<float>.Shared.Return(packed);
    }

    /// <summary>Gives each row its part of what is observed. A value may have rows of rows, as in [B · S, C], or one for all.</summary>
    private void Observe(GraphBinding binding, ReadOnlySpan<DenoiserRow> rows)
    {
        if (outputs.Length == 1) return;
        Span<int> sides = stackalloc int[MaxAxes];
        for (int i = 1; i < outputs.Length; i++)
        {
            var shape = binding.ShapeOf(outputs[i]);
            if (shape.Length is 0 or > MaxAxes - 1 || (shape[0] % rows.Length != 0 && shape[0] != 1))
                throw new GraphException($"an observed value is [{string.Join(", ", shape.ToArray())}], which {rows.Length} rows do not share",
                    GraphFault.Misfit);
            long own = shape[0] == 1 ? 1 : shape[0] / rows.Length;
            int axes = 0, length = (int)own;
            if (own > 1) sides[axes++] = (int)own;
            foreach (long side in shape[1..]) length *= sides[axes++] = (int)side;
            for (int row = 0; row < rows.Length; row++)
                if (rows[row].Observer is { } observer)
                    observer(i - 1, sides[..axes], binding.FloatsOf(outputs[i]).Slice(shape[0] == 1 ? 0 : row * length, length));
        }
    }

    private void WritePacked(GraphBinding binding, int row, ReadOnlySpan<float> latents, LatentShape shape, float scale)
    {
        float[] packed = ArrayPool<float>.Shared.Rent(latents.Length);
        PackedLatents.Pack(latents, shape, packed);
        binding.Write(sample.Name, row, packed.AsSpan(0, latents.Length), scale);
        ArrayPool<float>.Shared.Return(packed);
    }

    /// <summary>Places of the patches and of the text's tokens, which all have one: they follow from the call's shape alone.</summary>
    private void WritePlaces(GraphBinding binding, LatentShape shape, int rows, Conditioning conditioning)
    {
        foreach (var port in graph.Inputs)
        {
            if (!IsPlaces(port)) continue;
            // Exports before 2024 have them for each row.
            var places = new float[PlacesOf(port, shape, conditioning) * PackedLatents.PlaceLength];
            if (port.Name == PackedLatents.ImageIds) PackedLatents.WritePlaces(shape, places);
            for (int row = 0; row < (port.Rank == 2 ? 1 : rows); row++) binding.Write(port.Name, row, places);
        }
    }

    private bool IsConditioning(GraphPort port) => port != sample && port != timestep && !IsPlaces(port) && !residuals.Has(port);

    private bool IsPlaces(GraphPort port) => isPacked && port.Name is PackedLatents.ImageIds or PackedLatents.TextIds;

    /// <summary>The shapes of all inputs; a run of one shape asks for them at every step.</summary>
    private long[][] ShapesOf(LatentShape shape, int rows, Conditioning conditioning, int more, bool added)
    {
        ref var kept = ref known[rows % known.Length];
        if (Volatile.Read(ref kept) is { } last && last.Shape == shape && last.Rows == rows && last.Signature == conditioning.Signature && last.More == more
            && last.Added == added)
            return last.Shapes;
        var shapes = MakeShapes(shape, rows, conditioning, more, added);
        Volatile.Write(ref kept, new(shape, rows, conditioning.Signature, more, added, shapes));
        return shapes;
    }

    private long[][] MakeShapes(LatentShape shape, int rows, Conditioning conditioning, int more, bool added)
    {
        var shapes = new long[graph.Inputs.Count][];
        for (int i = 0; i < shapes.Length; i++)
        {
            var port = graph.Inputs[i];
            if (isPacked && port.Name == sample.Name)
                shapes[i] = [rows, PackedLatents.Count(shape), shape.Length / PackedLatents.Count(shape)]; // [B, h/2 · w/2, 4 C]
            else if (IsPlaces(port))
                shapes[i] = [.. port.Rank == 2 ? [] : (long[])[rows], PlacesOf(port, shape, conditioning), PackedLatents.PlaceLength];
            else if (port.Name == sample.Name)
                shapes[i] = [rows, shape.Channels + more / (shape.Height * shape.Width), shape.Height, shape.Width]; // [B, C, h, w]
            else if (residuals.Has(port))
                shapes[i] = residuals.ShapeOf(port, rows, shape, added);
            else if (port.Name == timestep.Name)
                shapes[i] = timestep.Rank == 0 ? [] : [TimestepPerRow ? rows : 1];
            else if (conditioning.For(port.Name) is { } tensor)
                shapes[i] = [rows, .. tensor.Shape.Select(side => (long)side)];
            else
                throw new GraphException($"the denoiser asks for an input '{port.Name}' that this family does not give");
        }
        return shapes;
    }

    private static long PlacesOf(GraphPort port, LatentShape shape, Conditioning conditioning) => port.Name == PackedLatents.ImageIds
        ? PackedLatents.Count(shape)
        : conditioning.For("encoder_hidden_states")?.Shape[0] ?? throw new GraphException("the denoiser asks for places of a text that it is not given");

    private sealed record Known(LatentShape Shape, int Rows, string Signature, int More, bool Added, long[][] Shapes);

    private GraphPort Port(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (graph.Inputs.FirstOrDefault(port => port.Name == name) is { } found)
                return found;
        throw new GraphException($"the denoiser has inputs {GraphPort.NamesOf(graph.Inputs)}, none of them {names[0]}");
    }
}
