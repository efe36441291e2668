namespace Darkroom.Engine.Scheduling;

/// <summary>Evaluations that go through a network together.</summary>
public sealed class Batch
{
    private readonly List<Evaluation> evaluations;

    /// <param name="key">What they agree in.</param>
    /// <param name="capacity">How many are expected.</param>
    internal Batch(BatchKey key, int capacity)
    {
        Key = key;
        evaluations = new List<Evaluation>(capacity);
    }

    public BatchKey Key { get; }

    public IReadOnlyList<Evaluation> Evaluations => evaluations;

    /// <summary>Rows in it: the lanes of one row count once.</summary>
    public int Rows { get; private set; }

    /// <summary>A batch of one evaluation of this one, to be tried alone.</summary>
    public Batch Only(Evaluation evaluation)
    {
        var alone = new Batch(Key, 1);
        alone.Add(evaluation);
        return alone;
    }

    internal void Add(Evaluation evaluation)
    {
        if (!EndsWith(evaluation.Row)) Rows++;
        evaluations.Add(evaluation);
    }

    /// <summary>Whether its last evaluation is of this row; the lanes of a row come one after the other.</summary>
    internal bool EndsWith(int row) => evaluations.Count > 0 && evaluations[^1].Row == row;
}

/// <summary>What runs next, in this order.</summary>
public readonly record struct StepPlan(IReadOnlyList<Batch> Batches)
{
    public static StepPlan Empty { get; } = new([]);

    public bool IsEmpty => Batches.Count == 0;
}

/// <summary>
/// How a batch ended: which of its evaluations failed, and why. What the others gave lies in their rows.
/// </summary>
public sealed record StepResult(IReadOnlyList<FailedEvaluation> Failures)
{
    /// <summary>Every evaluation passed.</summary>
    public static StepResult Passed { get; } = new([]);

    /// <summary>Why an evaluation failed; null when it passed.</summary>
    public Jobs.JobFailure? FailureOf(Evaluation evaluation)
    {
        for (int i = 0; i < Failures.Count; i++)
            if (Failures[i].Evaluation == evaluation) return Failures[i].Failure;
        return null;
    }
}

/// <summary>An evaluation that failed. The failure is its own: its neighbours in the batch passed.</summary>
public readonly record struct FailedEvaluation(Evaluation Evaluation, Jobs.JobFailure Failure);
