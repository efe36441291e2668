using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
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
internal sealed class UNetGraphs(ModelPlace place, ModelDescription description, UNetTraits traits, Func<SessionSettings, EditedGraphs> edited)
{
    public string Name(string part) => GraphFile.IsGraph(place, part) ? $"{part}/{GraphFile.Name}" : part;

    /// <summary>Whether the model has a part that it may be without.</summary>
    public bool Has(string part) => GraphFile.IsGraph(place, part)
        ? File.Exists(PathOf(part))
        : place.Source.Find(GraphFile.WeightsOf(part), new FaultList()) is { } weights && weights.BytesOf(part) > 0;

    /// <summary>What the part's files are like now.</summary>
    public FileStamps StampsOf(string part) => FileStamps.Of(
        (GraphFile.Read(place, part, new FaultList(), required: false)?.Files ?? [$"{part}/{GraphFile.Name}"])
            .Select(file => Path.Combine(place.CardFolder, file)));

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public Denoiser OpenDenoiser(SessionSettings settings, LatentShape smallest, int tokens)
    {
        string part = traits.Layout.Denoiser;
        var options = new DenoiserOptions { TimestepScale = traits.TimestepScale, Levels = description.DenoiserLevels };
        if (GraphFile.IsGraph(place, part)) return edited(settings).OpenDenoiser(PathOf(part), smallest, tokens, options);
        return Written(part, settings, traits.WriteDenoiser, graph => new Denoiser(graph, options));
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public TextEncoder OpenTextEncoder(SessionSettings settings, TextEncoderSize text)
    {
        bool leavesOut = traits.LeavesOutTextLayers && text.Name != traits.T5;
        if (GraphFile.IsGraph(place, text.Name))
            return leavesOut
                ? edited(settings).OpenTextEncoder(PathOf(text.Name), text.Layers, traits.NormalisesText)
                : OnnxGraph.Load(PathOf(text.Name), settings).As(Open);
        var earlier = !leavesOut ? EarlierLayers.None : traits.NormalisesText ? EarlierLayers.Normalised : EarlierLayers.AsTheyAre;
        return Written(text.Name, settings, (root, network, faults) => text.Name == traits.T5
            ? T5ShapeFile.Read(root, text.Name, faults) is { } t5 ? T5Encoder.Write(t5, network, text.Name) : null
            : ClipTextShapeFile.Read(root, text.Name, faults) is { } clip ? ClipTextEncoder.Write(clip, network, earlier, text.Name) : null, Open);

        TextEncoder Open(OnnxGraph graph) => new(graph, !leavesOut || traits.NormalisesText, traits.PooledOutput);
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public LatentDecoder OpenDecoder(SessionSettings settings)
    {
        var scale = description.Autoencoder;
        return Autoencoder(FolderLayout.Decoder, settings, Networks.Autoencoders.Autoencoder.WriteDecoder,
            graph => new LatentDecoder(graph, scale.ScalingFactor, scale.ShiftFactor, description.LatentFactor));
    }

    /// <exception cref="GraphException">The graph cannot be used, or the weights do not fit.</exception>
    public LatentEncoder OpenEncoder(SessionSettings settings)
    {
        var scale = description.Autoencoder;
        return Autoencoder(FolderLayout.Encoder, settings, Networks.Autoencoders.Autoencoder.WriteEncoder,
            graph => new LatentEncoder(graph, description.LatentChannels, scale.ScalingFactor, scale.ShiftFactor, description.LatentFactor));
    }

    private T Autoencoder<T>(
        string part, SessionSettings settings, Func<AutoencoderShape, NetworkWriter, WrittenGraph?> write, Func<OnnxGraph, T> open) where T : IGraphPart =>
        GraphFile.IsGraph(place, part)
            ? OnnxGraph.Load(PathOf(part), settings).As(open)
            : Written(part, settings, (root, network, faults) => AutoencoderShapeFile.Read(root, faults) is { } shape ? write(shape, network) : null, open);

    /// <summary>Writes a part's graph for its weights and opens it.</summary>
    private T Written<T>(
        string part, SessionSettings settings, Func<string, NetworkWriter, FaultList, WrittenGraph?> write, Func<OnnxGraph, T> open) where T : IGraphPart
    {
        var faults = new FaultList();
        var target = settings.Device == "cuda" ? GraphTarget.Cuda : GraphTarget.Cpu;
        var graph = place.Source.Find(GraphFile.WeightsOf(part), faults) is { } weights
            ? write(place.Root, new NetworkWriter(target, weights.Weights, faults, weights.Name), faults)
            : null;
        if (graph is null || faults.Any) throw new GraphException(faults.ToString() ?? $"{part}: its weights are gone");
        return OnnxGraph.Load(graph, settings).As(open);
    }

    private string PathOf(string part) => Path.Combine(place.Root, part, GraphFile.Name);
}
