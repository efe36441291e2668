namespace Darkroom.Models.ControlNets;

/// <summary>A ControlNet as data: all that validation and lists may know of it.</summary>
public sealed record ControlNetDescription
{
    /// <summary>What requests call it: the name of its folder, or of its file without extension.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes of its graph and weights; of weights in a file, as float32.</summary>
    public long Bytes { get; init; }

    /// <summary>
    /// The models that it is for: <c>stable-diffusion-1</c>, <c>stable-diffusion-2</c>, <c>stable-diffusion-xl</c>; null where its sizes are those of none.
    /// </summary>
    public string? Base { get; init; }

    /// <summary>Width of the text that it attends to, which must be the model's; null where it attends to none, or its folder does not say.</summary>
    public int? TextWidth { get; init; }

    /// <summary>Whether rows at different steps may share a call.</summary>
    public bool TimestepPerRow { get; init; }

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
