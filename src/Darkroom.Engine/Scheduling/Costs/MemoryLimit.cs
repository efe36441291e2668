namespace Darkroom.Engine.Scheduling.Costs;

/// <summary>
/// How many evaluations of a call fit in memory, as a call that ran out of it showed. What filled the memory then may be gone later: after some calls that
/// passed twice as many are tried again, and each time that this fails at once the next try waits twice as long.
/// </summary>
internal sealed class MemoryLimit
{
    /// <summary>Calls that pass before a larger one is tried: a failed try costs about as much as one of these.</summary>
    private const int FirstWait = 32, MaxWait = 8192;

    private int wait = FirstWait / 2;
    private int passed; // calls near the limit since it was last moved

    public int Evaluations { get; private set; } = int.MaxValue;

    /// <summary>More than these did not fit.</summary>
    public void Lower(int evaluations)
    {
        Evaluations = Math.Max(1, evaluations);
        (wait, passed) = (Math.Min(2 * wait, MaxWait), 0);
    }

    /// <summary>A call of so many passed.</summary>
    /// <returns>Whether the limit rose.</returns>
    public bool Pass(int evaluations)
    {
        // Smaller calls show nothing.
        if (Evaluations == int.MaxValue || evaluations <= Evaluations / 2 || ++passed < wait) return false;
        Evaluations = Evaluations > int.MaxValue / 2 ? int.MaxValue : 2 * Evaluations;
        passed = 0;
        return true;
    }
}
