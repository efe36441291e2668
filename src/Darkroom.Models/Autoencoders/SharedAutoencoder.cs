using System.Globalization;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families;
using Darkroom.Models.Files;
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
    private readonly LatentDecoderPart decoder;
    private readonly LatentEncoderPart? encoder;

    internal SharedAutoencoder(AutoencoderDescription description, string contentHash, AutoencoderPlace place, FileStamps files, DeviceMemory memory)
    {
        (Description, ContentHash, this.place) = (description, contentHash, place);
        Owner = OwnerOf(description.Id);
        decoder = new(memory, Owner, Size(FolderLayout.Decoder), OpenDecoder) { Files = files };
        if (description.Encodes) encoder = new(memory, Owner, Size(FolderLayout.Encoder), OpenEncoder) { Files = files };
    }

    public AutoencoderDescription Description { get; }

    /// <summary>SHA-256 over its files, lower-case hex.</summary>
    public string ContentHash { get; }

    /// <summary>What it is called where models are called by their ids; no model has a name with a slash.</summary>
    public string Owner { get; }

    /// <summary>What an autoencoder of an id is called where models are called by theirs.</summary>
    public static string OwnerOf(string id) => $"{AutoencoderCatalog.FolderName}/{id}";

    /// <summary>Its halves as a model uses them.</summary>
    /// <exception cref="GraphException">It does not fit the model.</exception>
    public ChosenAutoencoder For(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Description.MisfitOf(model) is { } reason) throw new GraphException(reason);
        string hash = ContentHash[..Math.Min(HashDigits, ContentHash.Length)];
        if (Description.Scale is not null) return new(Owner, hash, Description, decoder, encoder);
        var scale = model.Autoencoder;
        return new(
            Owner, string.Create(CultureInfo.InvariantCulture, $"{hash}/{scale.ScalingFactor:R}/{scale.ShiftFactor:R}"), Description,
            new ScaledDecoder(decoder, scale), encoder is null ? null : new ScaledEncoder(encoder, scale));
    }

    public void Dispose()
    {
        decoder.Dispose();
        encoder?.Dispose();
    }

    private PartSize Size(string part) => Description.Parts.FirstOrDefault(one => one.Name == part) ?? new(part, 0);

    private AutoencoderScale Scale => Description.Scale ?? new();

    private LatentDecoder OpenDecoder(SessionSettings settings) => Open(FolderLayout.Decoder, settings,
        graph => new LatentDecoder(graph, Scale.ScalingFactor, Scale.ShiftFactor, Description.Factor));

    private LatentEncoder OpenEncoder(SessionSettings settings) => Open(FolderLayout.Encoder, settings,
        graph => new LatentEncoder(graph, Description.Channels, Scale.ScalingFactor, Scale.ShiftFactor, Description.Factor));

    private T Open<T>(string part, SessionSettings settings, Func<OnnxGraph, T> open) where T : IGraphPart
    {
        if (place.IsGraphs) return OnnxGraph.Load(Path.Combine(place.Path, part, GraphFile.Name), settings).As(open);
        var faults = new FaultList();
        var weights = place.Weights(faults);
        var written = WrittenPart.Of(part, weights, WrittenPart.TargetOf(settings), network => place.ShapeOf(weights!, faults) is not { } shape ? null
            : part == FolderLayout.Decoder ? Autoencoder.WriteDecoder(shape, network) : Autoencoder.WriteEncoder(shape, network), faults, out _);
        return OnnxGraph.Load(written, settings).As(open);
    }
}

/// <summary>An autoencoder in the place of a model's own.</summary>
/// <param name="Owner">What it is called where models are called by their ids.</param>
/// <param name="Variant">Content and scale: calls with the same can be shared, of whatever models.</param>
/// <param name="Description">What is known of it.</param>
/// <param name="Decoder">Latents as the model has them to pixels.</param>
/// <param name="Encoder">Pixels to such latents; null: it has none.</param>
public sealed record ChosenAutoencoder(string Owner, string Variant, AutoencoderDescription Description, ILatentDecoder Decoder, ILatentEncoder? Encoder);
