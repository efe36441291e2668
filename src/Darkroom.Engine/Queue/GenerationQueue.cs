using Darkroom.Engine.Estimates;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Queue;

/// <summary>Admission: what fits is stored and wakes the loop, the rest is refused with the reason.</summary>
internal sealed class GenerationQueue(
    IJobStore store, IModelDirectory models, IUpscalerDirectory upscalers, AsyncSignal signal, EngineOptions options, IIdSource ids, EngineLifetime lifetime,
    PictureLoading pictures, Intake intake, TimeProvider time)
    : IGenerationQueue
{
    public async ValueTask<Admission> SubmitAsync(GenerationRequest request, IReadOnlyList<string> warnings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (lifetime.IsStopping) return new Admission.ShuttingDown();
        if (models.Find(request.Model) is { } model)
        {
            // An outpainting is larger than any canvas that the network sees.
            int width = Math.Min(request.Width, model.MaxSize), height = Math.Min(request.Height, model.MaxSize);
            long needed = MemoryEstimate.BytesOf(model, width, height, TextLoad.Of(request, model.TokenLength)) + MemoryEstimate.CanvasOf(request), available = MemoryEstimate.Available(options);
            if (needed > available) return new Admission.TooLarge(needed, available);
        }
        var admitted = Job.Admit(ids.Next(), request, warnings, time.GetUtcNow(), TilesOf(request));
        if (!await store.AddAsync(admitted, cancellation))
            return new Admission.QueueFull(options.MaxQueued, intake.RetryAfter);
        signal.Set();
        return new Admission.Accepted(admitted.Job);
    }

    /// <summary>Tiles of each picture; null where there is no upscaler, or its file does not tell.</summary>
    private int? TilesOf(GenerationRequest request) =>
        request.Upscale is { } order && upscalers.Find(order.Model) is { } upscaler
            ? upscaler.CountTiles(request.Finished.Width, request.Finished.Height, order.Scale, new UpscaleTiling(order.Tile ?? upscaler.Tile, order.Overlap ?? upscaler.Overlap))
            : null;

    public async ValueTask<Job> WaitAsync(string id, CancellationToken cancellation) =>
        await store.WaitAsync(id, cancellation) ?? throw new KeyNotFoundException($"There is no job {id}.");

    public async ValueTask<Job?> CancelAsync(string id, CancellationToken cancellation)
    {
        var cancelled = await store.CommitAsync(id, null, new JobCommand.Cancel(), time.GetUtcNow(), cancellation);
        // A job that was never claimed has nobody else to let its pictures go.
        if (cancelled is { StartedAt: null }) await pictures.ReleaseAsync(cancelled.Request);
        signal.Set();
        return cancelled ?? await store.FindAsync(id, cancellation);
    }

    public ValueTask<Job?> FindAsync(string id, CancellationToken cancellation) => store.FindAsync(id, cancellation);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation) => store.ListAsync(query, cancellation);

    public async ValueTask<JobOutlook> OutlookAsync(Job job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.IsFinished) return default;
        double? recent = job.Progress.Pace?.SecondsPerStep is null ? await RecentPaceAsync(job.Request, cancellation) : null;
        // A job that is claimed at this moment is next.
        return job.State == JobState.Queued && (await store.AheadAsync(job.Id, cancellation) ?? default) is var ahead
            ? new JobOutlook(ahead.Jobs, Eta.Waiting(job.Progress, ahead, options.MaxBatch, recent))
            : new JobOutlook(null, Eta.Running(job.Progress, recent, time.GetUtcNow()));
    }

    private async ValueTask<double?> RecentPaceAsync(GenerationRequest like, CancellationToken cancellation) =>
        Eta.Recent((await store.ListAsync(new JobQuery(JobState.Succeeded, Eta.RecentJobs), cancellation)).Jobs, like);

    public IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, CancellationToken cancellation) => store.EventsAsync(id, after, cancellation);
}
