namespace Darkroom.Engine.Scheduling;

/// <summary>Evaluations that go through a network together.</summary>
internal sealed class Batch
{
    private readonly List<Evaluation> evaluations = [];

    /// <summary>What they agree in.</summary>
    public BatchKey Key { get; private set; }

    public CallWidth Width { get; private set; }

    /// <summary>Memory beyond the weights that the call may need.</summary>
    public long Bytes { get; set; }

    /// <summary>What was estimated, whatever was measured before.</summary>
    public long Estimate { get; set; }

    /// <summary>What it had in use at once, when it is done; null where that is not known.</summary>
    public long? Peak { get; set; }

    public IReadOnlyList<Evaluation> Evaluations => evaluations;

    /// <summary>Rows in it: the lanes of one row count once.</summary>
    public int Rows { get; private set; }

    /// <summary>A batch of one evaluation of this one, to be tried alone.</summary>
    public Batch Only(Evaluation evaluation) => Part([evaluation]);

    /// <summary>A batch of some evaluations of this one.</summary>
    public Batch Part(IEnumerable<Evaluation> some)
    {
        ArgumentNullException.ThrowIfNull(some);
        var part = new Batch();
        part.Begin(Key, Width);
        foreach (var evaluation in some) part.Add(evaluation);
        part.Bytes = Bytes / Math.Max(1, evaluations.Count) * part.evaluations.Count;
        return part;
    }

    /// <summary>Empties it for another call: batches are used again.</summary>
    internal void Begin(in BatchKey key, CallWidth width)
    {
        Key = key;
        Width = width;
        Rows = 0;
        Peak = null;
        evaluations.Clear();
    }

    /// <summary>The lanes of a row are added one after the other.</summary>
    internal void Add(in Evaluation evaluation)
    {
        if (evaluations.Count == 0 || evaluations[^1].Row != evaluation.Row) Rows++;
        evaluations.Add(evaluation);
    }
}

/// <summary>How a batch ended: which of its evaluations failed, and why. What the others gave lies in their rows.</summary>
internal sealed record StepResult(IReadOnlyList<FailedEvaluation> Failures)
{
    /// <summary>Every evaluation passed.</summary>
    public static StepResult Passed { get; } = new([]);

    /// <summary>Maximum of evaluations that fit in memory at once, where that was found out now.</summary>
    public int? Fits { get; init; }

    /// <summary>Whether the call's duration says what such a call costs: nothing was tried twice, nothing was loaded in it.</summary>
    public bool IsTypical { get; init; } = true;

    /// <summary>Why an evaluation failed; null when it passed.</summary>
    public Jobs.JobFailure? FailureOf(Evaluation evaluation)
    {
        for (int i = 0; i < Failures.Count; i++)
            if (Failures[i].Evaluation == evaluation) return Failures[i].Failure;
        return null;
    }
}

/// <summary>An evaluation that failed. The failure is its own: its neighbours in the batch passed.</summary>
internal readonly record struct FailedEvaluation(Evaluation Evaluation, Jobs.JobFailure Failure);
