namespace Darkroom.Models.Catalog;

/// <summary>The networks of a model, each in memory or not on its own.</summary>
public enum ModelPart
{
    TextEncoder,
    Denoiser,

    /// <summary>The autoencoder's encoder, which pictures that are sent go through.</summary>
    Encoder,

    /// <summary>The autoencoder's decoder.</summary>
    Decoder,
}

/// <summary>Bytes of each part's graph and weights on disk; 0 for a part that the folder has not.</summary>
public readonly record struct PartSizes(long TextEncoder, long Denoiser, long Encoder, long Decoder)
{
    public long Total => TextEncoder + Denoiser + Encoder + Decoder;

    public long Of(ModelPart part) => part switch
    {
        ModelPart.TextEncoder => TextEncoder,
        ModelPart.Denoiser => Denoiser,
        ModelPart.Encoder => Encoder,
        ModelPart.Decoder => Decoder,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };
}
