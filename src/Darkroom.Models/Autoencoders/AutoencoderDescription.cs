using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Models.Autoencoders;

/// <summary>An autoencoder beside the models, as data: all that validation, estimates and lists may know of it.</summary>
public sealed record AutoencoderDescription
{
    /// <summary>What requests call it: the name of its folder, or of its file without extension.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes of both halves: of weights as a CPU computes with them, of graphs on disk.</summary>
    public long Bytes { get; init; }

    /// <summary>When its file, or the newest of its folder, was written; UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Channels of its latents.</summary>
    public int Channels { get; init; }

    /// <summary>Channels of its pictures: 3 for colours.</summary>
    public int PictureChannels { get; init; } = 3;

    /// <summary>Pixels per latent cell, along a side.</summary>
    public int Factor { get; init; }

    /// <summary>
    /// What stands between a denoiser's latents and these; null where its configuration does not say, or it has none: then the model's own. Shapes do not
    /// tell: those of Stable Diffusion 1 and XL are the same.
    /// </summary>
    public AutoencoderScale? Scale { get; init; }

    /// <summary>Channels of the decoder's finest level.</summary>
    public int FinestChannels { get; init; } = 128;

    /// <summary>Channels of the decoder's widest tensor of the picture's size.</summary>
    public int WidestChannels { get; init; } = 256;

    /// <summary>Whether its attention holds the products of all cells with each other.</summary>
    public bool HoldsScores { get; init; } = true;

    /// <summary>Whether it has an encoder, which picture tasks need.</summary>
    public bool Encodes { get; init; }

    /// <summary>The one size in pixels that its graphs take; null where they take any.</summary>
    public PixelSize? FixedSize { get; init; }

    /// <summary>Its halves.</summary>
    public IReadOnlyList<PartSize> Parts { get; init; } = [];

    /// <summary>Why it cannot be used, in plain words that name file and field; null where nothing speaks against it.</summary>
    public string? Fault { get; init; }

    /// <summary>Why it cannot stand in the place of a model's own; null where it can.</summary>
    public string? MisfitOf(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!model.Capabilities.ExtraFields.Contains(FieldTable.Vae.Name)) return $"model '{model.Id}' has no latents";
        if (Channels != model.LatentChannels) return $"its latents have {Channels} channels, and those of model '{model.Id}' have {model.LatentChannels}";
        if (PictureChannels != model.PictureChannels)
            return $"its pictures have {PictureChannels} channels, and those of model '{model.Id}' have {model.PictureChannels}";
        return Factor == model.LatentFactor ? null
            : $"a cell of its latents is {Factor} pixels wide, and one of model '{model.Id}' is {model.LatentFactor}";
    }

    /// <summary>A model with this in the place of its own autoencoder.</summary>
    public ModelDescription In(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model with
        {
            Autoencoder = Scale ?? model.Autoencoder,
            DecoderChannels = FinestChannels,
            DecoderWidest = WidestChannels,
            DecoderHoldsScores = HoldsScores,
        };
    }
}

/// <summary>The autoencoders a server knows beside those of its models, as far as requests and lists may see them.</summary>
public interface IAutoencoderDirectory
{
    /// <summary>Every autoencoder, by id; those with a fault included.</summary>
    IReadOnlyList<AutoencoderDescription> All { get; }

    /// <summary>The autoencoder of an id; null for none.</summary>
    AutoencoderDescription? Find(string id);

    /// <summary>Its content hash, lower-case hex; null where it is not here, or cannot be read. Reads its files where that was not done before.</summary>
    string? HashOf(string id);
}
