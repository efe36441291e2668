namespace Darkroom.Client.Catalog;

/// <summary>A ControlNet.</summary>
public sealed record ControlNetInfo
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The models that it is for; null where it does not tell.</summary>
    public string? Base { get; init; }

    /// <summary>What its graph and weights take in memory.</summary>
    public required long Bytes { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Reason { get; init; }
}
