namespace Darkroom.Models.ControlNets;

/// <summary>A ControlNet as data: all that validation and lists may know of it.</summary>
public sealed record ControlNetDescription
{
    /// <summary>The name of its folder under <c>controlnets</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Length of the graph and its weights in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Width of the text that it attends to, which must be the model's; null where its folder does not say.</summary>
    public int? TextWidth { get; init; }

    /// <summary>Why it cannot be used, in plain words that name file and field; null where nothing speaks against it.</summary>
    public string? Fault { get; init; }
}

/// <summary>What validation and lists may ask about ControlNets.</summary>
public interface IControlNetDirectory
{
    /// <summary>Every ControlNet, those with a fault too.</summary>
    IReadOnlyList<ControlNetDescription> All { get; }

    /// <summary>The ControlNet of an id; null for none.</summary>
    ControlNetDescription? Find(string id);
}
