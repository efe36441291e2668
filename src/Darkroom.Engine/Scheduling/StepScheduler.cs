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

        var batches = new List<Batch>(1);
        foreach (var evaluation in ready)
        {
            var batch = LastOf(batches, evaluation.Key);
            if (batch is null || !(batch.EndsWith(evaluation.Row) || batch.Rows < maxRows))
                batches.Add(batch = new Batch(evaluation.Key, ready.Count));
            batch.Add(evaluation);
        }
        return new StepPlan(batches);
    }

    private static Batch? LastOf(List<Batch> batches, in BatchKey key)
    {
        for (int i = batches.Count - 1; i >= 0; i--)
            if (batches[i].Key.Equals(key)) return batches[i];
        return null;
    }
}
