using Darkroom.Models.ControlNets;

namespace Darkroom.Server.Native.Contracts;

public sealed record ControlNetList(IReadOnlyList<ControlNetEntry> Data)
{
    public string Object => "list";
}

public sealed record ControlNetEntry
{
    /// <summary>What requests call it.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The models that it is for: <c>stable-diffusion-1</c>, <c>stable-diffusion-2</c>, <c>stable-diffusion-xl</c>; absent where it does not tell.
    /// </summary>
    public string? Base { get; init; }

    /// <summary>What its graph and weights take in memory.</summary>
    public required long Bytes { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    public string Object => "controlnet";

    internal static ControlNetEntry Of(ControlNetDescription one) =>
        new() { Id = one.Id, Name = one.Id, Base = one.Base, Bytes = one.Bytes, Reason = one.Fault };
}
