using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Upscaling;

/// <summary>One tile of a call.</summary>
/// <param name="Input">[C, h, w] in [0, 1]: 3 planes; for a graph of one channel 1 or 3.</param>
/// <param name="Output">Takes [C, h · scale, w · scale], not clamped.</param>
public readonly record struct TileBuffers(ReadOnlyMemory<float> Input, Memory<float> Output);

/// <summary>
/// An upscaling network on a device. It knows tiles only; what is cut and how it is put together says <see cref="UpscaleRun"/>. Its graph comes into the
/// device's memory when it is held and may leave when it is not; a call without a lease holds it for itself. Any number of threads may call.
/// </summary>
public sealed class Upscaler : IModelPart, IDisposable
{
    /// <summary>Tiles of one picture have one shape, and its answers are large.</summary>
    private const int KeptShapes = 2;

    private readonly GraphSlot<OnnxGraph> slot;
    private readonly string input;
    private readonly string[] output;

    private Upscaler(GraphSlot<OnnxGraph> slot, OnnxGraph graph, UpscalerDescription description, UpscalerTraits traits, string contentHash)
    {
        ContentHash = contentHash;
        this.slot = slot;
        input = graph.Inputs[0].Name;
        output = [graph.Outputs[0].Name];
        Traits = traits;
        Description = description with { Scale = traits.Scale };
    }

    /// <summary>The description as the graph completed it.</summary>
    public UpscalerDescription Description { get; }

    public UpscalerTraits Traits { get; }

    /// <summary>Of its file, or of that and the files of its weights, as <see cref="ModelHash"/> says; empty where nobody took one.</summary>
    public string ContentHash { get; }

    public string Name => Description.Id;

    public bool IsResident => slot.IsResident;

    public long Bytes => slot.Bytes;

    /// <summary>A graph of one picture a call shares none.</summary>
    public int MaxRows => Traits.SharesBatch ? int.MaxValue : 1;

    /// <summary>Opens the graph and calls it a few times on small pictures.</summary>
    /// <exception cref="GraphException">It cannot be opened, or is no upscaler; the message names the file.</exception>
    public static async Task<Upscaler> LoadAsync(string path, UpscalerDescription description, DeviceMemory memory, string contentHash = "")
    {
        ArgumentNullException.ThrowIfNull(description);
        var slot = new GraphSlot<OnnxGraph>(memory, description.Id, description.Bytes, settings =>
        {
            var graph = Open(path, description.Precision, settings);
            graph.KeptShapes = KeptShapes;
            return graph;
        })
        {
            Files = UpscalerFile.StampsOf(path),
        };
        try
        {
            using var lease = await slot.HoldAsync(CancellationToken.None);
            return slot.Call(
                RunWidth.Wide, (slot, description, contentHash), static (graph, call) => Probe(call.slot, graph, call.description, call.contentHash));
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    /// <summary>An upscaler on a device of its own, without a budget: for commands and tests. Waits on the calling thread.</summary>
    /// <exception cref="GraphException">It cannot be opened, or is no upscaler; the message names the file.</exception>
    public static Upscaler Load(string path, UpscalerDescription description, SessionSettings settings, string contentHash = "") =>
        LoadAsync(path, description, DeviceMemory.Of(settings), contentHash).GetAwaiter().GetResult();

    private static OnnxGraph Open(string path, WeightPrecision card, SessionSettings settings)
    {
        if (settings.PrecisionOf(card) is not (WeightPrecision.Int8 or WeightPrecision.Int4)) return OnnxGraph.Load(path, settings);
        var rules = new QuantisingRules { Linear = LinearForm.None, UnsignedWeights = RowQuantiser.SumsPairsIn16Bits };
        try
        {
            return OnnxGraph.Load(OnnxModel.Read(path), settings with { Quantising = rules });
        }
        catch (InvalidDataException e)
        {
            throw new GraphException($"{Path.GetFileName(path)}: it {e.Message}", e);
        }
    }

    private static Upscaler Probe(GraphSlot<OnnxGraph> slot, OnnxGraph graph, UpscalerDescription description, string contentHash)
    {
        try
        {
            return new Upscaler(slot, graph, description, UpscalerProbe.Run(graph, (description.Multiple, description.Radius)), contentHash);
        }
        catch (GraphException e)
        {
            throw new GraphException($"{Path.GetFileName(graph.Path)}: {e.Message}", e.Fault, e);
        }
    }

    public ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => slot.HoldAsync(cancellation);

    public bool NarrowIsReady => slot.NarrowIsReady;

    public void PrepareNarrow() => slot.PrepareNarrow();

    public void Invalidate() => slot.Invalidate();

    public Task RebuildAsync() => slot.RebuildAsync();

    public void ShrinkMemory() => slot.ShrinkMemory();

    public CallRoom BeginCall(long bytes) => slot.BeginCall(bytes);

    /// <summary>Runs tiles of one size, of whatever pictures they are; in one call where the graph takes a batch.</summary>
    /// <param name="width">Pixels of each tile.</param>
    /// <exception cref="GraphException">The graph refused the call.</exception>
    public void RunTiles(int width, int height, IReadOnlyList<TileBuffers> tiles, RunWidth run = RunWidth.Wide)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        int pixels = width * height * Traits.Channels, scale = Traits.Scale;
        var rows = new List<TileBuffers>(tiles.Count);
        foreach (var tile in tiles)
        {
            if (tile.Input.Length is var length && (length == 0 || length % pixels != 0 || tile.Output.Length != length * scale * scale))
                throw new ArgumentException($"{tile.Input.Length} values in and {tile.Output.Length} out are no tile of {width} x {height} at scale {scale}.",
                    nameof(tiles));
            // A graph of one channel takes each colour as a picture of its own.
            for (int at = 0; at < tile.Input.Length; at += pixels)
                rows.Add(new TileBuffers(tile.Input.Slice(at, pixels), tile.Output.Slice(at * scale * scale, pixels * scale * scale)));
        }
        int together = Traits.SharesBatch ? rows.Count : 1;
        for (int at = 0; at < rows.Count; at += together) Run(width, height, rows.GetRange(at, together), run);
    }

    public void Dispose() => slot.Dispose();

    private void Run(int width, int height, List<TileBuffers> rows, RunWidth run) =>
        slot.Call(run, (Self: this, Width: width, Height: height, Rows: rows), static (graph, call) => graph.Run(
        [[call.Rows.Count, call.Self.Traits.Channels, call.Height, call.Width]], call.Self.output, call,
        static (binding, call) =>
        {
            for (int row = 0; row < call.Rows.Count; row++) binding.Write(call.Self.input, row, call.Rows[row].Input.Span);
        },
        static (binding, call) =>
        {
            int scale = call.Self.Traits.Scale;
            binding.Expect(call.Self.output[0], call.Rows.Count, call.Self.Traits.Channels, call.Height * scale, call.Width * scale);
            for (int row = 0; row < call.Rows.Count; row++) binding.Read(call.Self.output[0], row, call.Rows[row].Output.Span);
        }));
}
