namespace Darkroom.TestKit.Faults;

/// <summary>How much a scenario does: a short form for the tests, a long one for figures.</summary>
/// <param name="IsLong">Which of the two.</param>
/// <param name="Times">Repetitions, in place of the scenario's own; null: its own.</param>
public sealed record FaultScale(bool IsLong, int? Times = null)
{
    public static FaultScale Short { get; } = new(false);

    /// <summary>How often, in the one form and in the other.</summary>
    public int Count(int brief, int full) => Times ?? (IsLong ? full : brief);
}
