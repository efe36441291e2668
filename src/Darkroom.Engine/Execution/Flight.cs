using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>The jobs and rows in flight, and how results move them on. Only the engine's loop calls it.</summary>
internal sealed class Flight(IJobStore store, IModelSource models, Delivery delivery, RowPreparation preparation, TimeProvider time, ILogger<Flight> log) : IRowTable
{
    private readonly Dictionary<string, ActiveJob> jobs = [];
    private readonly List<Row> rows = [];
    private readonly List<ActiveJob> ended = [];
    private int lastNumber;

    /// <summary>Rows that still need the device.</summary>
    public int Rows => rows.Count;

    /// <summary>Jobs that are not finished, those whose pictures are being stored included.</summary>
    public int Jobs => jobs.Count;

    public Row this[int number] => Find(number) ?? throw new KeyNotFoundException($"No row {number} is in flight.");

    /// <summary>Lets the rows of claimed jobs in.</summary>
    public void Take(IReadOnlyList<Job> claimed)
    {
        foreach (var job in claimed)
        {
            var active = new ActiveJob(job);
            var model = models.GetAsync(job.Request.Model);
            jobs[job.Id] = active;
            for (int index = 0; index < job.Request.Count; index++)
            {
                var row = new Row(++lastNumber, active, index, model);
                active.Rows.Add(row);
                rows.Add(row);
            }
        }
    }

    /// <summary>Rows of jobs that ended elsewhere (cancelled, claimed by another) or whose deadline passed leave now.</summary>
    public async ValueTask DropEndedAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        ended.Clear();
        foreach (var active in jobs.Values)
        {
            if (active.Request.Deadline is { } seconds && now >= active.Job.CreatedAt.AddSeconds(seconds))
                await store.CommitAsync(active.Job.Id, active.Job.Attempt, new JobCommand.Expire(), now, cancellation);
            var stands = await store.FindAsync(active.Job.Id, cancellation);
            if (stands is not { State: JobState.Running } || stands.Attempt != active.Job.Attempt)
                ended.Add(active);
        }
        foreach (var active in ended) Remove(active);
    }

    /// <summary>Brings rows whose model is loaded to their first network, and takes what was stored meanwhile.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellation)
    {
        while (delivery.TryTake(out var delivered))
            await FinishAsync(delivered, cancellation);

        if (!rows.Exists(row => row.Stage is Stage.Prepare)) return;
        foreach (var row in rows.ToArray()) // a row that cannot be prepared takes its job's rows out of the list
        {
            if (row.Stage is not Stage.Prepare || !row.Model.IsCompleted || !jobs.ContainsKey(row.Job.Job.Id)) continue;
            var failure = row.Model.IsCompletedSuccessfully
                ? preparation.Prepare(row)
                : new JobFailure(JobFailureKind.ModelUnavailable, $"The model '{row.Request.Model}' could not be loaded: {Reason(row.Model)}.");
            if (failure is null) Settle(row);
            else await FailAsync(row.Job, failure, cancellation);
        }
    }

    public void AddEvaluations(List<Evaluation> ready)
    {
        // Rows that already denoise stand first: whoever runs is not held up by whoever joins.
        foreach (var row in rows)
            if (row.Stage is Stage.Denoise or Stage.Decode) row.AddEvaluations(ready);
        foreach (var row in rows)
            if (row.Stage is Stage.EncodeText) row.AddEvaluations(ready);
    }

    /// <summary>Moves the rows of a batch on.</summary>
    public async ValueTask ApplyAsync(Batch batch, StepResult result, TimeSpan took, CancellationToken cancellation)
    {
        CountTime(batch, took);
        for (int i = 0; i < batch.Evaluations.Count; i++)
        {
            var evaluation = batch.Evaluations[i];
            if (Find(evaluation.Row) is not { } row) continue; // its job failed a moment ago
            if (result.FailureOf(evaluation) is { } failure)
                await FailAsync(row.Job, failure, cancellation);
            else if (row.Return(evaluation.Lane))
                await AdvanceAsync(row, cancellation);
        }
    }

    /// <summary>Ends every job in flight for one reason: the server stops, or the device is dead.</summary>
    public async ValueTask FailAllAsync(JobFailure failure, CancellationToken cancellation)
    {
        foreach (var active in jobs.Values.ToArray())
            await FailAsync(active, failure, cancellation);
    }

    private async ValueTask AdvanceAsync(Row row, CancellationToken cancellation)
    {
        switch (row.Stage)
        {
            case Stage.EncodeText:
                row.NextStage();
                break;
            case Stage.Denoise:
                bool more = row.Step();
                await ReportAsync(row.Job, cancellation);
                if (!more) row.NextStage();
                break;
            case Stage.Decode:
                row.NextStage();
                rows.Remove(row);
                delivery.Send(row);
                break;
        }
    }

    private async ValueTask ReportAsync(ActiveJob active, CancellationToken cancellation)
    {
        int done = 0;
        foreach (var row in active.Rows) done += row.StepsDone;
        if (done <= active.StepsDone) return;
        active.StepsDone = done;
        await store.CommitAsync(active.Job.Id, active.Job.Attempt, new JobCommand.Advance(done), time.GetUtcNow(), cancellation);
    }

    /// <summary>Takes conditionings that are at hand, and passes over the text stage when all of them are.</summary>
    private static void Settle(Row row)
    {
        var model = row.Model.Result();
        bool complete = true;
        foreach (var lane in row.Lanes)
            complete &= (lane.Conditioning ??= model.FindConditioning(lane.Text)) is not null;
        if (complete) row.NextStage();
    }

    private async ValueTask FinishAsync(Delivered delivered, CancellationToken cancellation)
    {
        var active = delivered.Job;
        if (!jobs.TryGetValue(active.Job.Id, out var current) || current != active) return;
        if (delivered.Failure is { } failure)
        {
            await FailAsync(active, failure, cancellation);
            return;
        }
        if (!active.Deliver(delivered.Image!)) return;
        var now = time.GetUtcNow();
        await store.CommitAsync(active.Job.Id, active.Job.Attempt, new JobCommand.Succeed(active.Result(now)), now, cancellation);
        Remove(active);
    }

    private async ValueTask FailAsync(ActiveJob active, JobFailure failure, CancellationToken cancellation)
    {
        EngineLog.JobFailed(log, active.Job.Id, failure.Kind, failure.Detail);
        await store.CommitAsync(active.Job.Id, active.Job.Attempt, new JobCommand.Fail(failure), time.GetUtcNow(), cancellation);
        Remove(active);
    }

    private Row? Find(int number)
    {
        foreach (var row in rows)
            if (row.Number == number) return row;
        return null;
    }

    private void Remove(ActiveJob active)
    {
        jobs.Remove(active.Job.Id);
        rows.RemoveAll(row => row.Job == active);
    }

    private void CountTime(Batch batch, TimeSpan took)
    {
        ActiveJob? last = null;
        foreach (var evaluation in batch.Evaluations)
        {
            var active = this[evaluation.Row].Job;
            if (active == last) continue;
            last = active;
            switch (batch.Key.Stage)
            {
                case NetworkStage.EncodeText: active.AddEncodeTime(took.TotalMilliseconds); break;
                case NetworkStage.Denoise: active.AddDenoiseCall(took.TotalMilliseconds, batch.Rows); break;
                case NetworkStage.Decode: active.AddDecodeTime(took.TotalMilliseconds); break;
            }
        }
    }

    private static string Reason(Task<IDiffusionModel> load) =>
        load.Exception?.InnerException is GraphException e ? e.Message : "see the server's log";
}
