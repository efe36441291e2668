namespace Darkroom.Models.Catalog;

/// <summary>Where a model stands between disk and memory.</summary>
public enum ModelState
{
    Cold,
    Loading,

    /// <summary>It was opened and can be used, whether or not its parts are in memory at the moment: those come back when they are held.</summary>
    Ready,
    Failed,
}

/// <summary>A model's state with what belongs to it.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it failed, with the file; null otherwise.</param>
/// <param name="ContentHash">SHA-256 over its files, lower-case hex; null until it was loaded once.</param>
public sealed record ModelStatus(ModelState State, string? Reason = null, string? ContentHash = null)
{
    /// <summary>Whether a failed load is done again when the next request asks for it.</summary>
    public bool IsTriedAgain { get; init; }

    /// <summary>Whether somebody had a cold one leave that was there: the next who asks for it gets it.</summary>
    public bool IsUnloaded { get; init; }

    /// <summary>Weights of it that are in memory now, over all devices.</summary>
    public long ResidentBytes { get; init; }
}
