using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Sessions;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>Applies what batches gave: rows take their answers, finished pictures are sent off to be stored, jobs end.</summary>
internal sealed class ResultApplier(
    JobWrites store, ActiveJobs jobs, Delivery delivery, PreviewDesk previews, FairShare shares, AsyncSignal signal, TimeProvider time,
    ILogger<ResultApplier> log)
{
    private static readonly JobFailure Unworkable = new(JobFailureKind.Internal, "The picture could not be worked on further.");
    private static readonly JobFailure DeviceDead = new(JobFailureKind.Internal, "The device failed while this job ran.");

    /// <summary>Whether finished pictures wait for their store. More are not begun meanwhile: those that wait are never more than were in flight.</summary>
    public bool PicturesWait => delivery.IsWaiting;

    /// <summary>Has the rows of a batch that is back take their answers.</summary>
    public async ValueTask ApplyAsync(DispatchedBatch dispatched, CancellationToken cancellation)
    {
        var batch = dispatched.Batch;
        if (dispatched.Failure is { } dead) EngineLog.BatchFailed(log, batch.Key.Kind.Name, PlanText.Of(batch), dead);
        CountTime(dispatched);
        for (int i = 0; i < batch.Evaluations.Count; i++)
        {
            var evaluation = batch.Evaluations[i];
            var row = dispatched.RowOf(evaluation.Row);
            bool all = row.Return();
            if (jobs.Find(evaluation.Row) is null)
            {
                await store.SpendAsync(row.Job, cancellation); // its job ended while the batch ran
                continue;
            }
            shares.Charge(row.Request.Caller, row.Job.Work.ShareOf(batch.Key.Kind, row.Memory.PassIndex));
            if (dispatched.Result is not { } result) await FailAsync(row.Job, dispatched.Failure is OutOfMemoryException ? JobFailure.NoMemory : DeviceDead,
                cancellation);
            else if (result.FailureOf(evaluation) is { } failure) await FailAsync(row.Job, failure, cancellation);
            else if (all) await TakeAsync(row, cancellation);
        }
    }

    /// <summary>Takes pictures that were stored meanwhile.</summary>
    /// <returns>Whether there were any.</returns>
    public async ValueTask<bool> TakeStoredAsync(CancellationToken cancellation)
    {
        bool any = false;
        while (delivery.TryTake(out var delivered))
        {
            await FinishAsync(delivered, cancellation);
            any = true;
        }
        return any;
    }

    /// <summary>Ends every job in flight for one reason: the server stops, or the engine cannot be trusted.</summary>
    public async ValueTask FailAllAsync(JobFailure failure, CancellationToken cancellation)
    {
        foreach (var active in jobs.Jobs.ToArray())
            await FailAsync(active, failure, cancellation);
    }

    public async ValueTask FailAsync(ActiveJob active, JobFailure failure, CancellationToken cancellation)
    {
        using (JobSpans.Within(active.Span)) EngineLog.JobFailed(log, active.Job.Id, failure.Kind, failure.Detail);
        await CommitAsync(active.Job, failure, active.TakeUsed(), cancellation);
        active.Decide(failure);
        jobs.Remove(active);
    }

    /// <summary>Ends a claimed job that has no rows yet.</summary>
    public async ValueTask FailAsync(Job job, Exception reason, CancellationToken cancellation)
    {
        EngineLog.RowFailed(log, job.Id, reason);
        var failure = reason is OutOfMemoryException ? JobFailure.NoMemory : Unworkable;
        EngineLog.JobFailed(log, job.Id, failure.Kind, failure.Detail);
        await CommitAsync(job, failure, used: null, cancellation);
    }

    /// <summary>What a row's own exception means for its job, and for nobody else.</summary>
    public JobFailure FailureOf(Row row, Exception reason)
    {
        if (reason is GraphException) return new(JobFailureKind.NonFinite, $"The network's answer could not be used: {reason.Message}.");
        using (JobSpans.Within(row.Job.Span)) EngineLog.RowFailed(log, row.Job.Job.Id, reason);
        return reason is OutOfMemoryException ? JobFailure.NoMemory : Unworkable;
    }

    /// <summary>A row that needs no device any more goes to be encoded and stored.</summary>
    public void Send(Row row)
    {
        jobs.Leave(row);
        delivery.Send(row);
    }

    private async ValueTask CommitAsync(Job job, JobFailure failure, JobUsage? used, CancellationToken cancellation)
    {
        await store.CommitAsync(job, new JobCommand.Fail(failure, used), then: null, cancellation);
        signal.Set(); // there is room, wherever in a tick this was
    }

    private async ValueTask TakeAsync(Row row, CancellationToken cancellation)
    {
        (int Steps, int? Wanted)? progress;
        try
        {
            row.Take();
            previews.Offer(row);
            progress = row.Job.Advance();
        }
        catch (Exception e)
        {
            await FailAsync(row.Job, FailureOf(row, e), cancellation);
            return;
        }
        if (progress is var (steps, wanted))
            await store.ReportAsync(row.Job.Job, steps, wanted, cancellation);
    }

    private async ValueTask FinishAsync(Delivered delivered, CancellationToken cancellation)
    {
        var active = delivered.Job;
        if (!jobs.Holds(active)) return;
        if (delivered.Failure is { } failure)
        {
            await FailAsync(active, failure, cancellation);
            return;
        }
        if (!active.Deliver(delivered.Image, delivered.Finding)) return;
        // Until it is committed it holds its pictures and its claim.
        var succeed = new JobCommand.Succeed(active.Result(time.GetUtcNow()), active.TakeUsed());
        await store.CommitAsync(active.Job, succeed, () => Finished(active), cancellation);
    }

    private void Finished(ActiveJob active)
    {
        active.Decide(reason: null);
        jobs.Remove(active);
    }

    private static void CountTime(DispatchedBatch dispatched)
    {
        var batch = dispatched.Batch;
        var evaluations = batch.Evaluations;
        for (int i = 0, next; i < evaluations.Count; i = next)
        {
            var active = dispatched.RowOf(evaluations[i].Row).Job;
            next = i + 1;
            while (next < evaluations.Count && dispatched.RowOf(evaluations[next].Row).Job == active) next++;
            // They are of one size: a job's share of the work is its share of the evaluations.
            var share = dispatched.Spent.Share((next - i) / (double)evaluations.Count);
            active.AddCall(batch.Key.Kind, dispatched.Took.TotalMilliseconds, batch.Rows, share);
        }
    }
}
