namespace Darkroom.Models.Files;

/// <summary>Everything wrong with a folder, in plain words: which file, and why. Reading goes on after a fault, so that all are named at once.</summary>
internal sealed class FaultList
{
    private const int Shown = 8;
    private readonly List<string> faults = [];

    public bool Any => faults.Count > 0;

    /// <param name="file">Path relative to the folder, with <c>/</c>.</param>
    /// <param name="reason">The rest of the sentence.</param>
    public void Add(string file, string reason)
    {
        string fault = $"{file}: {reason}";
        if (!faults.Contains(fault)) faults.Add(fault);
    }

    /// <summary>The first faults, separated by semicolons; null where there is none.</summary>
    public override string? ToString() => faults.Count switch
    {
        0 => null,
        <= Shown => string.Join("; ", faults),
        _ => $"{string.Join("; ", faults.Take(Shown))}; and {faults.Count - Shown} more",
    };
}
