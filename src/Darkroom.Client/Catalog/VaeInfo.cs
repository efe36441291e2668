namespace Darkroom.Client.Catalog;

/// <summary>An autoencoder beside the models.</summary>
public sealed record VaeInfo
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>Channels of its latents; null where it cannot be read.</summary>
    public int? LatentChannels { get; init; }

    /// <summary>Pixels per latent cell, along a side; null where it cannot be read.</summary>
    public int? Factor { get; init; }

    /// <summary>Factor from its latents to a denoiser's; null: the model's own.</summary>
    public double? ScalingFactor { get; init; }

    /// <summary>Taken off before; null where it does not say.</summary>
    public double? ShiftFactor { get; init; }

    /// <summary>Whether it has an encoder, which picture tasks need.</summary>
    public required bool Encodes { get; init; }

    /// <summary>Ids of the models that it can be used with.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Of both halves.</summary>
    public required long Bytes { get; init; }

    /// <summary>When its newest file was written, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Reason { get; init; }
}
