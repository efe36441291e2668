namespace Darkroom.Models.Catalog;

/// <summary>Where a model stands between disk and memory.</summary>
public enum ModelState
{
    Cold,
    Loading,
    Ready,
    Failed,
}

/// <summary>A model's state with what belongs to it.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it failed, with the file; null otherwise.</param>
/// <param name="ContentHash">SHA-256 over its files, lower-case hex; null until it was loaded once.</param>
public sealed record ModelStatus(ModelState State, string? Reason = null, string? ContentHash = null);
