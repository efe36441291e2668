using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Execution;

/// <summary>
/// Keeps a failed call from costing more than it must. Refused: each row once alone, so that the guilty one fails and its neighbours do not. Out of memory: the
/// session gives back what it can and the call is tried again, then in halves, then the last row on a new session; what fitted is remembered. A dead session
/// is replaced and each row tried once alone; likewise after a call that was stopped because it took too long.
/// </summary>
internal sealed class RecoveringExecutor(IStepExecutor inner, MemoryTelemetry? telemetry = null) : IStepExecutor
{
    public StepResult Run(Batch batch, IStageTable stages)
    {
        try
        {
            return inner.Run(batch, stages);
        }
        catch (GraphException e)
        {
            return Recover(batch, stages, e) with { IsTypical = false };
        }
    }

    private StepResult Recover(Batch batch, IStageTable stages, GraphException failure)
    {
        switch (failure.Fault)
        {
            case GraphFault.OutOfMemory:
                PartOf(batch, stages)?.ShrinkMemory();
                telemetry?.Shrunk();
                batch.Bytes = long.MaxValue / 4; // it needs more than anybody thought: alone, then
                return TryOnce(batch, stages, out var still) ?? Smaller(batch, stages, still!);
            case GraphFault.Dead:
                TryRebuild(PartOf(batch, stages));
                return EachAlone(batch, stages, GraphFault.Dead);
            case GraphFault.TimedOut:
                TryRebuild(PartOf(batch, stages));
                return batch.Rows == 1 ? Fail(batch, failure) : EachAlone(batch, stages, GraphFault.TimedOut);
            case GraphFault.Abandoned:
                return Fail(batch, failure);
            default:
                return batch.Rows == 1 ? Fail(batch, failure) : EachAlone(batch, stages, failure.Fault);
        }
    }

    /// <summary>Half of the rows, then the other half, and so the evaluations of a row that may be apart; what is left alone gets a new session once.</summary>
    private StepResult Smaller(Batch batch, IStageTable stages, GraphException failure)
    {
        if (failure.Fault != GraphFault.OutOfMemory) return Recover(batch, stages, failure);
        if (batch.Rows == 1 && (batch.Evaluations.Count == 1 || !batch.Key.Kind.IsDivisible))
        {
            var part = PartOf(batch, stages);
            part?.Invalidate(); // nothing is known against the session, but another one begins without what this one keeps
            telemetry?.Rebuilt();
            return TryRebuild(part) ? TryOnce(batch, stages, out var last) ?? Fail(batch, last!) : Fail(batch, failure);
        }
        telemetry?.Halved();
        var parts = Halves(batch);
        var first = TryOnce(parts.First, stages, out var one) ?? Smaller(parts.First, stages, one!);
        var second = TryOnce(parts.Second, stages, out var other) ?? Smaller(parts.Second, stages, other!);
        return new StepResult([.. first.Failures, .. second.Failures])
        {
            Fits = FitsOf(parts.First, first) is { } fitsFirst && FitsOf(parts.Second, second) is { } fitsSecond ? Math.Min(fitsFirst, fitsSecond) : null,
        };
    }

    /// <summary>
    /// Evaluations that fitted. Null where a row ran out of memory even alone: the larger call then failed for that row's sake, which says nothing of its size.
    /// </summary>
    private static int? FitsOf(Batch batch, StepResult result) =>
        result.Failures.Any(one => one.Failure.Kind == JobFailureKind.OutOfMemory) ? null : result.Fits ?? batch.Evaluations.Count;

    /// <param name="before">What the rows failed of together: the fault that one of them may be to blame for.</param>
    private StepResult EachAlone(Batch batch, IStageTable stages, GraphFault before)
    {
        var failures = new List<FailedEvaluation>();
        foreach (var row in batch.Evaluations.GroupBy(one => one.Row))
        {
            // A job ends with the first of its pictures that fails: no use in waiting for the others.
            int known = failures.FindIndex(one => stages.AreOfOneJob(one.Evaluation.Row, row.Key));
            if (known < 0) failures.AddRange(Alone(batch.Part(row), stages, before).Failures);
            else failures.AddRange(row.Select(evaluation => new FailedEvaluation(evaluation, failures[known].Failure)));
        }
        return new StepResult(failures);
    }

    private StepResult Alone(Batch row, IStageTable stages, GraphFault before)
    {
        if (TryOnce(row, stages, out var failure) is { } result) return result;
        if (failure!.Fault is GraphFault.Dead or GraphFault.TimedOut) TryRebuild(PartOf(row, stages)); // the next row must not pay for this one
        // A fault of another kind came on top: it is not this row's yet.
        return failure.Fault is GraphFault.Dead or GraphFault.OutOfMemory && failure.Fault != before
            ? TryOnce(row, stages, out failure) ?? Fail(row, failure!)
            : Fail(row, failure);
    }

    private StepResult? TryOnce(Batch batch, IStageTable stages, out GraphException? failure)
    {
        try
        {
            failure = null;
            return inner.Run(batch, stages);
        }
        catch (GraphException e)
        {
            failure = e;
            return null;
        }
    }

    private static (Batch First, Batch Second) Halves(Batch batch)
    {
        int half = batch.Evaluations.Count / 2;
        if (batch.Rows == 1) return (batch.Part(batch.Evaluations.Take(half)), batch.Part(batch.Evaluations.Skip(half)));
        var numbers = batch.Evaluations.Select(one => one.Row).Distinct().ToArray();
        var first = numbers.Take(numbers.Length / 2).ToHashSet();
        return (batch.Part(batch.Evaluations.Where(one => first.Contains(one.Row))), batch.Part(batch.Evaluations.Where(one => !first.Contains(one.Row))));
    }

    private static IModelPart? PartOf(Batch batch, IStageTable stages) => stages[batch.Evaluations[0].Row].Part;

    /// <summary>Opens another session in place of one that is not to be trusted; waits on the calling thread, which is the device's.</summary>
    /// <returns>
    /// Whether there is one. Where it could not be opened nobody fails of that alone: the next call of the part tries to open it again, and fails or not by
    /// itself.
    /// </returns>
    private static bool TryRebuild(IModelPart? part)
    {
        try
        {
            part?.RebuildAsync().GetAwaiter().GetResult();
            return true;
        }
        catch (GraphException)
        {
            return false;
        }
    }

    private StepResult Fail(Batch batch, GraphException e)
    {
        if (e.Fault == GraphFault.OutOfMemory) telemetry?.Failed();
        return new([.. batch.Evaluations.Select(evaluation => new FailedEvaluation(evaluation, FailureOf(e)))]);
    }

    private static JobFailure FailureOf(GraphException e) => e.Fault switch
    {
        GraphFault.OutOfMemory => new(JobFailureKind.OutOfMemory, $"The device has not enough memory for this picture, not even alone: {e.Message}."),
        GraphFault.Dead => new(JobFailureKind.DeviceFailed, $"The device failed at this picture, twice: {e.Message}."),
        GraphFault.TimedOut => new(JobFailureKind.DeviceFailed, $"The model did not answer within the time that a call may take: {e.Message}."),
        GraphFault.Abandoned => new(JobFailureKind.DeviceFailed, $"The call was given up: {e.Message}."),
        _ => new(JobFailureKind.GraphMismatch, $"The model's graph refused the call: {e.Message}."),
    };
}
