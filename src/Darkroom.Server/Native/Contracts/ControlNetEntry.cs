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

    /// <summary>Length of its graph and weights.</summary>
    public required long Bytes { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    public string Object => "controlnet";

    internal static ControlNetEntry Of(ControlNetDescription one) => new() { Id = one.Id, Name = one.Id, Bytes = one.Bytes, Reason = one.Fault };
}
