namespace Darkroom.Engine.Scheduling;

/// <summary>
/// Decides what shares a call. A pure function of the evaluations that rows are ready for: no clock, no I/O, no memory of its own.
/// Every ready evaluation is planned once, so every row moves on by one call in each round and nobody starves.
/// </summary>
public static class StepScheduler
{
    /// <param name="ready">
    /// Evaluations in the order they should run: running rows first, oldest first within them. The lanes of one row stand together.
    /// </param>
    /// <param name="maxRows">Most rows of one denoiser or decoder call; at least 1.</param>
    public static StepPlan Plan(IReadOnlyList<Evaluation> ready, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(ready);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (ready.Count == 0) return StepPlan.Empty;

        var open = new List<(BatchKey Key, List<Evaluation> Members, int Rows)>();
        foreach (var evaluation in ready)
        {
            int at = open.FindLastIndex(group => group.Key.Equals(evaluation.Key));
            if (at >= 0 && open[at].Members[^1].Row == evaluation.Row)
            {
                open[at].Members.Add(evaluation);
            }
            else if (at >= 0 && open[at].Rows < maxRows)
            {
                open[at].Members.Add(evaluation);
                open[at] = (open[at].Key, open[at].Members, open[at].Rows + 1);
            }
            else
            {
                open.Add((evaluation.Key, [evaluation], 1));
            }
        }
        return new StepPlan([.. open.Select(group => new Batch(group.Key, group.Members))]);
    }
}
