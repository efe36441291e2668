using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Autoencoders beside the models.</summary>
/// <param name="Data">In the order of their ids.</param>
public sealed record VaeList(IReadOnlyList<VaeEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One autoencoder.</summary>
public sealed record VaeEntry
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>Channels of its latents; absent where it cannot be read.</summary>
    public int? LatentChannels { get; init; }

    /// <summary>Pixels per latent cell, along a side; absent where it cannot be read.</summary>
    public int? Factor { get; init; }

    /// <summary>Factor from its latents to a denoiser's; absent where it does not say: then the model's own.</summary>
    public double? ScalingFactor { get; init; }

    /// <summary>Taken off before; absent where it does not say.</summary>
    [WireSigned]
    public double? ShiftFactor { get; init; }

    /// <summary>Whether it has an encoder, which picture tasks need.</summary>
    public required bool Encodes { get; init; }

    /// <summary>Ids of the models that it can be used with.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Length of both halves' files, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When its newest file was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("vae")]
    public string Object => "vae";

    internal static VaeEntry Of(AutoencoderDescription one, IReadOnlyList<ModelDescription> models) => new()
    {
        Id = one.Id,
        Name = one.Id,
        LatentChannels = one.Channels > 0 ? one.Channels : null,
        Factor = one.Factor > 0 ? one.Factor : null,
        ScalingFactor = one.Scale?.ScalingFactor,
        ShiftFactor = one.Scale?.ShiftFactor,
        Encodes = one.Encodes,
        Models = one.Fault is null ? [.. models.Where(model => model.Fault is null && one.MisfitOf(model) is null).Select(model => model.Id)] : [],
        Bytes = one.Bytes,
        CreatedAt = one.Created,
        Reason = one.Fault,
    };
}
