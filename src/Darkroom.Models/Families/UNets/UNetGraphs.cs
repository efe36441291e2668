using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.T5;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.UNets;

/// <summary>
/// Opens the parts of a model with a U-Net: graphs that somebody exported, edited where that is needed, or graphs written for the weights in hand.
/// </summary>
/// <param name="place">Where the model is.</param>
/// <param name="description">What is known of it.</param>
/// <param name="traits">Of its family.</param>
/// <param name="edited">Opens exported graphs.</param>
/// <param name="merge">LoRAs that are merged into the weights; null: none.</param>
/// <param name="pool">Weights that another of the same files has in memory; null: there is no other.</param>
/// <param name="choice">What it differs in from the model as it is; null: nothing.</param>
internal sealed class UNetGraphs(
    ModelPlace place, ModelDescription description, UNetTraits traits, Func<SessionSettings, EditedGraphs> edited, LoraMerge? merge = null,
    WeightPool? pool = null, VariantChoice? choice = null)
{
    /// <summary>Weights that parts of this model, and of those with LoRAs merged in, have in memory.</summary>
    private readonly WeightPool pool = pool ?? new WeightPool();

    private readonly WrapAxes wraps = choice?.Axes ?? WrapAxes.None;

    /// <summary>The same model as a variant of it; weights that stay as they are share memory with this one's.</summary>
    public UNetGraphs With(LoraMerge? loras, VariantChoice variant) => new(place, description, traits, edited, loras, pool, variant);

    public string Name(string part) => GraphFile.IsGraph(place, part) ? $"{part}/{GraphFile.Name}" : part;

    /// <summary>Whether the model has a part that it may be without.</summary>
    public bool Has(string part) => GraphFile.IsGraph(place, part)
        ? File.Exists(PathOf(part))
        : place.Source.Find(GraphFile.WeightsOf(part), new FaultList()) is { } weights && weights.BytesOf(part) > 0;

    /// <summary>What the part's files are like now.</summary>
    public FileStamps StampsOf(string part) => FileStamps.Of(
        (GraphFile.Read(place, part, new FaultList(), required: false)?.Files ?? [$"{part}/{GraphFile.Name}"])
            .Select(file => Path.Combine(place.CardFolder, file)).Concat(merge?.Files ?? []));

    /// <summary>What it computes with; null: what its graphs have.</summary>
    public string? PrecisionOf(SessionSettings settings) =>
        PartPrecision.For(traits.Layout.Denoiser, description, settings) is { Quantising: not null } quantised ? quantised.Precision.Word() : null;

    /// <summary>A part as it is in memory, of the part as its files have it; of one whose files cannot be used about that.</summary>
    public PartSize SizeOf(PartSize size, SessionSettings settings)
    {
        settings = PartPrecision.For(size.Name, description, settings);
        if (settings.Quantising is not { } rules) return size;
        bool isGraph = GraphFile.IsGraph(place, size.Name);
        // The description of a model whose card says what it computes with has parts as they are in memory.
        var estimate = description.Precision != WeightPrecision.Auto ? size : PartPrecision.EstimateOf(size, isGraph, rules);
        if (isGraph) return estimate;
        try
        {
            var written = QuantisedGraph.Of(Written(size.Name, WrittenPart.TargetOf(settings), WriterOf(size.Name), out _), rules);
            return size with { Bytes = written.WeightBytes, IsExact = settings.ComputesInPlace(written) };
        }
        catch (GraphException)
        {
            return estimate; // what opens it says what is wrong
        }
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public Denoiser OpenDenoiser(SessionSettings settings, LatentShape smallest, int tokens)
    {
        string part = traits.Layout.Denoiser;
        settings = PartPrecision.For(part, description, settings);
        var options = new DenoiserOptions { TimestepScale = traits.TimestepScale, Levels = description.DenoiserLevels };
        if (GraphFile.IsGraph(place, part))
            return edited(settings).OpenDenoiser(PathOf(part), smallest, tokens, options, ChangeOf(part, wraps, choice?.Observed));
        return Opened(part, settings, traits.WriteDenoiser, graph => new Denoiser(graph, options with { SpreadsResiduals = true }), wraps,
            observed: choice?.Observed);
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public TextEncoder OpenTextEncoder(SessionSettings settings, TextEncoderSize text)
    {
        settings = PartPrecision.For(text.Name, description, settings);
        bool leavesOut = traits.LeavesOutTextLayers && text.Name != traits.T5;
        if (GraphFile.IsGraph(place, text.Name))
            return leavesOut
                ? edited(settings).OpenTextEncoder(PathOf(text.Name), text.Layers, traits.NormalisesText, ChangeOf(text.Name))
                : edited(settings).Open(PathOf(text.Name), ChangeOf(text.Name)).As(Open);
        return Opened(text.Name, settings, TextEncoderWriter(text.Name), Open);

        TextEncoder Open(OnnxGraph graph) => new(graph, !leavesOut || traits.NormalisesText, traits.PooledOutput);
    }

    /// <summary>Whether sessions of a part may share memory: it is written here for weights in files, and a CPU computes with these in place.</summary>
    public bool SharesWeights(string part, SessionSettings settings) => settings.Device == "cpu" && !GraphFile.IsGraph(place, part)
        && PartPrecision.For(part, description, settings).Quantising is null;

    /// <summary>The weights that files of a part have and their shapes, by the names of its modules; of an exported graph those that it names.</summary>
    /// <exception cref="GraphException">The weights do not fit, or the graph cannot be read.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> WeightsOf(string part)
    {
        if (GraphFile.IsGraph(place, part)) return NamedIn(part);
        Written(part, GraphTarget.Cpu, WriterOf(part), out var network);
        return network.Needed.Concat(network.LeftOut).ToDictionary(StringComparer.Ordinal);
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public LatentDecoder OpenDecoder(SessionSettings settings)
    {
        var scale = description.Autoencoder;
        return Autoencoder(FolderLayout.Decoder, settings, Networks.Autoencoders.Autoencoder.WriteDecoder,
            graph => new LatentDecoder(graph, scale.ScalingFactor, scale.ShiftFactor, description.LatentFactor, description.PictureChannels));
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public LatentEncoder OpenEncoder(SessionSettings settings)
    {
        var scale = description.Autoencoder;
        return Autoencoder(FolderLayout.Encoder, settings, Networks.Autoencoders.Autoencoder.WriteEncoder,
            graph => new LatentEncoder(
                graph, description.LatentChannels, scale.ScalingFactor, scale.ShiftFactor, description.LatentFactor, description.PictureChannels));
    }

    private T Autoencoder<T>(
        string part, SessionSettings settings, Func<AutoencoderShape, NetworkWriter, WrittenGraph?> write, Func<OnnxGraph, T> open) where T : IGraphPart =>
        GraphFile.IsGraph(place, part)
            ? edited(settings).Open(PathOf(part), ChangeOf(part, wraps)).As(open)
            : Opened(part, PartPrecision.For(part, description, settings),
                (from, network, faults) => AutoencoderShapeFile.Read(from.Root, faults) is { } shape ? write(shape, network) : null, open, wraps,
                AutoencoderShapeFile.Read(place.Root, new FaultList()) is { Upcasts: true });

    /// <summary>What writes the denoiser or a text encoder.</summary>
    private Func<ModelPlace, NetworkWriter, FaultList, WrittenGraph?> WriterOf(string part) =>
        part == traits.Layout.Denoiser ? traits.WriteDenoiser : TextEncoderWriter(part);

    private Func<ModelPlace, NetworkWriter, FaultList, WrittenGraph?> TextEncoderWriter(string part)
    {
        if (part == traits.T5)
            return (from, network, faults) => T5ShapeFile.Read(from.Root, part, faults) is { } t5 ? T5Encoder.Write(t5, network, part) : null;
        var earlier = !traits.LeavesOutTextLayers ? EarlierLayers.None : traits.NormalisesText ? EarlierLayers.Normalised : EarlierLayers.AsTheyAre;
        return (from, network, faults) =>
        {
            if (ClipTextShapeFile.Read(from.Root, part, faults) is not { } clip) return null;
            // Files of Stable Diffusion 3 leave out the first encoder's projection, which changes nothing there.
            if (from.IsFile && part == traits.Layout.TextEncoders[0] && !network.Has(ClipTextEncoder.Projection)) clip = clip with { ProjectsNothing = true };
            return ClipTextEncoder.Write(clip, network, earlier, part);
        };
    }

    /// <summary>Writes a part's graph for its weights and opens it.</summary>
    private T Opened<T>(
        string part, SessionSettings settings, Func<ModelPlace, NetworkWriter, FaultList, WrittenGraph?> write, Func<OnnxGraph, T> open,
        WrapAxes axes = WrapAxes.None, bool upcasts = false, Observation? observed = null) where T : IGraphPart
    {
        var target = WrittenPart.TargetOf(settings) with { Wraps = axes };
        var written = Written(part, upcasts ? target.InFloat32() : target, write, out _);
        if (observed is not null)
        {
            var graph = OnnxModel.Of(written);
            Observe(graph, observed);
            written = written with { Model = graph.ToArray() };
        }
        return OnnxGraph.Load(written, settings, pool).As(open);
    }

    private WrittenGraph Written(
        string part, GraphTarget target, Func<ModelPlace, NetworkWriter, FaultList, WrittenGraph?> write,
        out NetworkWriter network)
    {
        var faults = new FaultList();
        var weights = place.Source.Find(GraphFile.WeightsOf(part), faults);
        if (merge is not null && weights is not null) weights = weights with { Weights = merge.Over(part, weights.Weights) };
        return WrittenPart.Of(part, weights, target, network => write(place, network, faults), faults, out network);
    }

    /// <summary>What is changed in an exported graph; null: nothing.</summary>
    private Action<OnnxModel>? ChangeOf(string part, WrapAxes axes = WrapAxes.None, Observation? observed = null)
    {
        var loras = merge?.Changes(part) == true ? merge : null;
        if (loras is null && axes == WrapAxes.None && observed is null) return null;
        return graph =>
        {
            if (observed is not null) Observe(graph, observed); // before weights are changed: they lose their names
            loras?.Change(part, graph);
            if (CircularPads.Apply(graph, axes).Reason is { } reason)
                throw new GraphException($"the edges of its pictures cannot be made to meet: {Name(part)}: {reason}", GraphFault.Misfit);
        };
    }

    /// <summary>What of the denoiser can be observed.</summary>
    /// <exception cref="GraphException">The weights do not fit, or the graph cannot be read.</exception>
    public ObservedGraph Observable()
    {
        string part = traits.Layout.Denoiser;
        return new ObservedGraph(GraphFile.IsGraph(place, part) ? Read(part) : OnnxModel.Of(Written(part, GraphTarget.Cpu, WriterOf(part), out _)),
            Denoiser.SampleNames);
    }

    private void Observe(OnnxModel graph, Observation observed)
    {
        if (new ObservedGraph(graph, Denoiser.SampleNames).Apply(observed).Reason is { } reason)
            throw new GraphException($"'{description.Id}': {reason}", GraphFault.Misfit);
    }

    private IReadOnlyDictionary<string, IReadOnlyList<long>> NamedIn(string part) => GraphLayers.Of(Read(part)).Shapes;

    private OnnxModel Read(string part)
    {
        try
        {
            return OnnxModel.Read(PathOf(part));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"{Name(part)} {(e is InvalidDataException ? e.Message : "cannot be read: " + FileFault.PlainReason(e))}",
                e is InvalidDataException ? GraphFault.Misfit : GraphFault.Unavailable, e);
        }
    }

    private string PathOf(string part) => Path.Combine(place.Root, part, GraphFile.Name);
}
