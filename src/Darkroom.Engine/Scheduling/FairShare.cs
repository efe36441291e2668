namespace Darkroom.Engine.Scheduling;

/// <summary>
/// What each caller may still use of the device in this round, in megapixel-steps: deficit round robin. Every caller gets the same quantum, times
/// its weight, when all who have work have used up theirs; who comes with nothing to do keeps nothing for later.
/// </summary>
internal sealed class FairShare
{
    private const double Rounding = 1e-6; // sums of many steps; the smallest step is some thousandths

    private readonly Dictionary<string, double> credits = [];
    private readonly List<string> gone = [];

    /// <summary>A caller's share relative to 1.</summary>
    public Func<string, double> WeightOf { get; init; } = _ => 1;

    /// <summary>
    /// Whether a caller has used up the round's share. With one caller nobody ever has. A job that is begun may use it to the last bit: the picture that a
    /// round serves is not interrupted before its end.
    /// </summary>
    /// <param name="begun">Whether it is about a job of which something was run.</param>
    public bool IsOver(string caller, bool begun = false) =>
        credits.Count > 1 && credits.TryGetValue(caller, out double credit) && (begun ? credit < -Rounding : credit <= Rounding);

    /// <summary>Records what a caller's row used, at least 0 megapixel-steps.</summary>
    public void Charge(string caller, double megapixelSteps)
    {
        if (credits.TryGetValue(caller, out double credit)) credits[caller] = credit - megapixelSteps;
    }

    /// <summary>Begins new rounds until one of the callers who have work may use something.</summary>
    /// <param name="active">Callers who have work now.</param>
    /// <param name="quantum">Megapixel-steps that a round gives to a caller of weight 1: the largest job that waits, so that a round serves a whole
    /// picture.</param>
    public void BeginRounds(HashSet<string> active, double quantum)
    {
        ArgumentNullException.ThrowIfNull(active);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantum);
        gone.Clear();
        foreach (var caller in credits.Keys)
            if (!active.Contains(caller)) gone.Add(caller);
        foreach (var caller in gone) credits.Remove(caller);

        double rounds = double.PositiveInfinity;
        foreach (var caller in active)
        {
            double share = quantum * WeightOf(caller);
            if (credits.TryAdd(caller, share)) rounds = 0; // a newcomer begins with a full round
            else if (credits[caller] > Rounding) rounds = 0;
            else rounds = Math.Min(rounds, Math.Floor((Rounding - credits[caller]) / share) + 1);
        }
        if (rounds == 0 || double.IsInfinity(rounds)) return;
        foreach (var caller in active)
            credits[caller] = Math.Min(credits[caller] + rounds * quantum * WeightOf(caller), quantum * WeightOf(caller));
    }
}
