namespace Darkroom.Models.Graphs;

/// <summary>What became of an edit.</summary>
/// <param name="Changed">Whether the model was edited; false where there was nothing to do, or it could not be done.</param>
/// <param name="Reason">Why it could not be done, in plain words; null where it was or needed not be.</param>
internal readonly record struct GraphEdit(bool Changed, string? Reason)
{
    public static GraphEdit Done => new(true, null);

    public static GraphEdit NotNeeded => new(false, null);

    public static GraphEdit Impossible(string reason) => new(false, reason);
}
