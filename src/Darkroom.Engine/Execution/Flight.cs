using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>The jobs and rows in flight, and how results move them on. Only the engine's loop calls it.</summary>
internal sealed class Flight(IJobStore store, 
    IModelSource models, Delivery delivery, RowPreparation preparation, PictureLoading pictures, IUpscalerSource upscalers, AsyncSignal signal, TimeProvider time, ILogger<Flight> log) : IRowTable
{
    private static readonly Task<IDiffusionModel> NoModel = Task.FromException<IDiffusionModel>(new InvalidOperationException("An upscale task has no diffusion model."));
    private static readonly JobFailure PicturesGone = new(JobFailureKind.Internal, "A picture of the request could not be read again.");

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
            var model = job.Request.Task == GenerationTask.Upscale ? NoModel : models.GetAsync(job.Request.Model);
            jobs[job.Id] = active;
            for (int index = 0; index < job.Request.Count; index++)
            {
                var row = new Row(++lastNumber, active, index, model, UpscaleOf(job.Request));
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

        await EnterUpscalersAsync(cancellation);
        if (!rows.Exists(row => row.Stage is Stage.Prepare)) return;
        foreach (var row in rows.ToArray()) // a row that cannot be prepared takes its job's rows out of the list
        {
            if (row.Stage is not Stage.Prepare || !row.Model.IsCompleted || !jobs.ContainsKey(row.Job.Job.Id) || IsLoading(row)) continue;
            var failure = row.Loading is { IsFaulted: true } ? PicturesGone
                : row.Model.IsCompletedSuccessfully || row.Request.Task == GenerationTask.Upscale ? preparation.Prepare(row)
                : new JobFailure(JobFailureKind.ModelUnavailable, $"The model '{row.Request.Model}' could not be loaded: {Reason(row.Model)}.");
            if (failure is not null) await FailAsync(row.Job, failure, cancellation);
            else if (row.Stage is Stage.Deliver) Send(row);
            else if (row.Stage is Stage.EncodeText) Settle(row);
        }
    }

    /// <summary>Whether what the row works on is still being decoded; the first call begins that.</summary>
    private bool IsLoading(Row row)
    {
        bool upscales = row.Request.Task == GenerationTask.Upscale;
        if (row.Request.Edit is null || !(upscales || row.Model.IsCompletedSuccessfully)) return false;
        if (row.Loading is null)
        {
            var description = upscales ? null : row.Model.Result().Description;
            row.Loading = Task.Run(() => pictures.LoadAsync(row.Request, description));
            _ = row.Loading.ContinueWith(_ => signal.Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        return !row.Loading.IsCompleted;
    }

    /// <summary>Rows whose upscaler was still loading go on when it is there, and fail when it cannot be.</summary>
    private async ValueTask EnterUpscalersAsync(CancellationToken cancellation)
    {
        foreach (var row in rows.Exists(row => row.Stage is Stage.Upscale) ? rows.ToArray() : [])
        {
            if (row.Stage is not Stage.Upscale || row.Upscale!.HasBegun || !row.Upscale.Upscaler.IsCompleted) continue;
            if (row.Upscale.Upscaler.IsCompletedSuccessfully) row.EnterUpscale();
            else await FailAsync(row.Job, new JobFailure(JobFailureKind.ModelUnavailable, $"The upscaler '{row.Request.Upscale!.Model}' could not be loaded."), cancellation);
        }
    }

    private UpscaleStage? UpscaleOf(GenerationRequest request)
    {
        if (request.Upscale is not { } order) return null;
        var load = upscalers.GetAsync(order.Model);
        if (!load.IsCompleted)
            _ = load.ContinueWith(_ => signal.Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return new UpscaleStage(order, load, request.Finished.Width, request.Finished.Height);
    }

    private void Send(Row row)
    {
        rows.Remove(row);
        delivery.Send(row);
    }

    public void AddEvaluations(List<Evaluation> ready)
    {
        // Rows that already denoise stand first: whoever runs is not held up by whoever joins.
        foreach (var row in rows)
            if (row.Stage is Stage.Denoise or Stage.Decode or Stage.Upscale) row.AddEvaluations(ready);
        foreach (var row in rows)
            if (row.Stage is Stage.EncodeText or Stage.EncodePicture) row.AddEvaluations(ready);
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
            else if (row.Return())
                await TryAdvanceAsync(row, cancellation);
        }
    }

    /// <summary>Ends every job in flight for one reason: the server stops, or the device is dead.</summary>
    public async ValueTask FailAllAsync(JobFailure failure, CancellationToken cancellation)
    {
        foreach (var active in jobs.Values.ToArray())
            await FailAsync(active, failure, cancellation);
    }

    /// <summary>A bug in one row's own arithmetic is that row's alone: its neighbours go on.</summary>
    private async ValueTask TryAdvanceAsync(Row row, CancellationToken cancellation)
    {
        try
        {
            await AdvanceAsync(row, cancellation);
        }
        catch (GraphException e)
        {
            await FailAsync(row.Job, new JobFailure(JobFailureKind.NonFinite, $"The network's answer could not be used: {e.Message}."), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EngineLog.RowFailed(log, row.Job.Job.Id, e);
            await FailAsync(row.Job, new JobFailure(JobFailureKind.Internal, "The picture could not be worked on further."), cancellation);
        }
    }

    private async ValueTask AdvanceAsync(Row row, CancellationToken cancellation)
    {
        switch (row.Stage)
        {
            case Stage.EncodeText or Stage.EncodePicture:
                row.NextStage();
                break;
            case Stage.Denoise:
                bool more = row.Step();
                await ReportAsync(row.Job, cancellation);
                if (!more) row.NextStage();
                break;
            case Stage.Decode:
                row.NextStage();
                if (row.Stage is Stage.Deliver) Send(row);
                break;
            case Stage.Upscale:
                row.Upscale!.Accept();
                await ReportAsync(row.Job, cancellation);
                if (!row.Upscale.IsDone) break;
                row.NextStage();
                Send(row);
                break;
        }
    }

    private async ValueTask ReportAsync(ActiveJob active, CancellationToken cancellation)
    {
        if (active.Advance() is { } advance)
            await store.CommitAsync(active.Job.Id, active.Job.Attempt, advance, time.GetUtcNow(), cancellation);
    }

    /// <summary>Takes conditionings that are at hand, and passes over the text stage when all of them are.</summary>
    private static void Settle(Row row)
    {
        var model = row.Model.Result();
        var texts = row.Texts!;
        bool complete = true;
        for (int i = 0; i < texts.Entries.Count; i++)
            complete &= (texts.Conditionings[i] ??= model.FindConditioning(texts.Entries[i])) is not null;
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
        _ = pictures.ReleaseAsync(active.Request).AsTask();
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
                case NetworkStage.EncodeText or NetworkStage.EncodePicture: active.AddEncodeTime(took.TotalMilliseconds); break;
                case NetworkStage.Denoise: active.AddDenoiseCall(took.TotalMilliseconds, batch.Rows); break;
                case NetworkStage.Decode or NetworkStage.Upscale: active.AddDecodeTime(took.TotalMilliseconds); break;
            }
        }
    }

    private static string Reason(Task<IDiffusionModel> load) =>
        load.Exception?.InnerException is GraphException e ? e.Message : "see the server's log";
}
