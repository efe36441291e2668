namespace Darkroom.Engine.Scheduling;

/// <summary>Evaluations that go through a network together.</summary>
public sealed record Batch(BatchKey Key, IReadOnlyList<Evaluation> Evaluations)
{
    /// <summary>Rows in it: the lanes of one row count once.</summary>
    public int Rows { get; } = CountRows(Evaluations);

    private static int CountRows(IReadOnlyList<Evaluation> evaluations)
    {
        int rows = 0;
        for (int i = 0; i < evaluations.Count; i++)
            if (i == 0 || evaluations[i].Row != evaluations[i - 1].Row) rows++;
        return rows;
    }
}

/// <summary>What runs next, in this order.</summary>
public sealed record StepPlan(IReadOnlyList<Batch> Batches)
{
    public static StepPlan Empty { get; } = new([]);

    public bool IsEmpty => Batches.Count == 0;
}

/// <summary>How one evaluation ended. Its values lie in the row; here is only whether they are there.</summary>
/// <param name="Evaluation">Which one.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public readonly record struct StepResult(Evaluation Evaluation, Jobs.JobFailure? Failure);
