using System.Globalization;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Autoencoders;

/// <summary>
/// An autoencoder on a device, for all models that are asked for with it. Each half comes into memory when it is held, and is evicted like any part.
/// </summary>
public sealed class SharedAutoencoder : IDisposable
{
    private const int HashDigits = 16;

    private readonly AutoencoderPlace place;
    private readonly Lock gate = new();
    private readonly Func<WrapAxes, (LatentDecoderPart Decoder, LatentEncoderPart? Encoder)> halves;
    private readonly Dictionary<WrapAxes, (LatentDecoderPart Decoder, LatentEncoderPart? Encoder)> known = []; // by how pictures wrap round
    private bool isClosed;

    internal SharedAutoencoder(AutoencoderDescription description, string contentHash, AutoencoderPlace place, FileStamps files, DeviceMemory memory)
    {
        (Description, ContentHash, this.place) = (description, contentHash, place);
        Owner = OwnerOf(description.Id);
        halves = axes => (
            new(memory, Owner, Size(FolderLayout.Decoder), settings => OpenDecoder(settings, axes)) { Files = files, Variant = axes.Variant() },
            !description.Encodes ? null
                : new(memory, Owner, Size(FolderLayout.Encoder), settings => OpenEncoder(settings, axes)) { Files = files, Variant = axes.Variant() });
    }

    public AutoencoderDescription Description { get; }

    /// <summary>SHA-256 over its files, lower-case hex.</summary>
    public string ContentHash { get; }

    /// <summary>What it is called where models are called by their ids; no model has a name with a slash.</summary>
    public string Owner { get; }

    /// <summary>What an autoencoder of an id is called where models are called by theirs.</summary>
    public static string OwnerOf(string id) => $"{AutoencoderCatalog.FolderName}/{id}";

    /// <summary>Its halves as a model uses them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="axes">Along which pictures wrap round.</param>
    /// <exception cref="GraphException">It does not fit the model.</exception>
    public ChosenAutoencoder For(ModelDescription model, WrapAxes axes = WrapAxes.None)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Description.MisfitOf(model) is { } reason) throw new GraphException(reason);
        var (decoder, encoder) = HalvesOf(axes);
        string hash = ContentHash[..Math.Min(HashDigits, ContentHash.Length)] + axes.Variant();
        if (Description.Scale is not null) return new(Owner, hash, Description, decoder, encoder);
        var scale = model.Autoencoder;
        return new(
            Owner, string.Create(CultureInfo.InvariantCulture, $"{hash}/{scale.ScalingFactor:R}/{scale.ShiftFactor:R}"), Description,
            new ScaledDecoder(decoder, scale), encoder is null ? null : new ScaledEncoder(encoder, scale));
    }

    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            foreach (var (decoder, encoder) in known.Values)
            {
                decoder.Dispose();
                encoder?.Dispose();
            }
        }
    }

    private (LatentDecoderPart Decoder, LatentEncoderPart? Encoder) HalvesOf(WrapAxes axes)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, this);
            return known.TryGetValue(axes, out var there) ? there : known[axes] = halves(axes);
        }
    }

    private PartSize Size(string part) => Description.Parts.FirstOrDefault(one => one.Name == part) ?? new(part, 0);

    private AutoencoderScale Scale => Description.Scale ?? new();

    private LatentDecoder OpenDecoder(SessionSettings settings, WrapAxes axes) => Open(FolderLayout.Decoder, settings, axes,
        graph => new LatentDecoder(graph, Scale.ScalingFactor, Scale.ShiftFactor, Description.Factor, Description.PictureChannels));

    private LatentEncoder OpenEncoder(SessionSettings settings, WrapAxes axes) => Open(FolderLayout.Encoder, settings, axes,
        graph => new LatentEncoder(graph, Description.Channels, Scale.ScalingFactor, Scale.ShiftFactor, Description.Factor, Description.PictureChannels));

    private T Open<T>(string part, SessionSettings settings, WrapAxes axes, Func<OnnxGraph, T> open) where T : IGraphPart
    {
        if (place.IsGraphs) return OpenGraph(Path.Combine(place.Path, part, GraphFile.Name), settings, axes).As(open);
        var faults = new FaultList();
        var weights = place.Weights(faults);
        var shape = weights is null ? null : place.ShapeOf(weights, faults);
        var target = WrittenPart.TargetOf(settings) with { Wraps = axes };
        if (shape is { Upcasts: true }) target = target.InFloat32();
        var written = WrittenPart.Of(part, weights, target, network => shape is null ? null
            : part == FolderLayout.Decoder ? Autoencoder.WriteDecoder(shape, network) : Autoencoder.WriteEncoder(shape, network), faults, out _);
        return OnnxGraph.Load(written, settings).As(open);
    }

    private static OnnxGraph OpenGraph(string path, SessionSettings settings, WrapAxes axes)
    {
        if (axes == WrapAxes.None) return OnnxGraph.Load(path, settings);
        try
        {
            var graph = OnnxModel.Read(path);
            return CircularPads.Apply(graph, axes).Reason is { } reason
                ? throw new GraphException($"the edges of its pictures cannot be made to meet: {reason}", GraphFault.Misfit)
                : OnnxGraph.Load(graph, settings);
        }
        catch (InvalidDataException e)
        {
            throw new GraphException($"the graph {e.Message}", GraphFault.Misfit, e);
        }
    }
}

/// <summary>An autoencoder in the place of a model's own.</summary>
/// <param name="Owner">What it is called where models are called by their ids.</param>
/// <param name="Variant">Content and scale: calls with the same can be shared, of whatever models.</param>
/// <param name="Description">What is known of it.</param>
/// <param name="Decoder">Latents as the model has them to pixels.</param>
/// <param name="Encoder">Pixels to such latents; null: it has none.</param>
public sealed record ChosenAutoencoder(string Owner, string Variant, AutoencoderDescription Description, ILatentDecoder Decoder, ILatentEncoder? Encoder);
