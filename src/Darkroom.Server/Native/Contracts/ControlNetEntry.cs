using Darkroom.Models.ControlNets;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>ControlNets of this server.</summary>
/// <param name="Data">In the order of their ids.</param>
public sealed record ControlNetList(IReadOnlyList<ControlNetEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One ControlNet.</summary>
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

    /// <summary>What its graph and weights take in memory, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("controlnet")]
    public string Object => "controlnet";

    internal static ControlNetEntry Of(ControlNetDescription one) =>
        new() { Id = one.Id, Name = one.Id, Base = one.Base, Bytes = one.Bytes, Reason = one.Fault };
}
