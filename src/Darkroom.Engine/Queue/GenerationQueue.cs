using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Telemetry;

namespace Darkroom.Engine.Queue;

/// <summary>Admission: what fits is stored and wakes the loop, the rest is refused with the reason.</summary>
internal sealed class GenerationQueue(
    IJobStore store, AdmissionCheck check, JobPictures pictures, QueuePace pace, AsyncSignal signal, IIdSource ids, EngineOptions options, TimeProvider time)
    : IGenerationQueue
{
    public async ValueTask<Admission> SubmitAsync(
        GenerationRequest request, IReadOnlyList<string> warnings, SubmitTerms terms, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(terms);
        Admission? admission = null;
        try
        {
            return admission = await AdmitAsync(request, warnings, terms, cancellation);
        }
        finally
        {
            // Its pictures came here with it: a request that never becomes a job has no end that would release them.
            if (admission is not Admission.Accepted) await pictures.ReleaseInputsAsync(request);
            if (admission is not null) check.CountRefused(request, admission);
        }
    }

    public async ValueTask<Job> WaitAsync(string id, CancellationToken cancellation) =>
        await store.WaitAsync(id, cancellation) ?? throw new KeyNotFoundException($"There is no job {id}.");

    public async ValueTask<Job?> CancelAsync(string id, CancellationToken cancellation)
    {
        var outcome = await store.CommitAsync(id, attempt: null, new JobCommand.Cancel(), cancellation);
        signal.Set();
        return outcome switch
        {
            CommitOutcome.Committed(var cancelled) => cancelled,
            CommitOutcome.NotApplicable(var finished) => finished,
            _ => null,
        };
    }

    public async ValueTask<CommitOutcome> FinishEarlyAsync(string id, PictureSet pictures, CancellationToken cancellation)
    {
        var outcome = await store.CommitAsync(id, attempt: null, new JobCommand.FinishEarly(pictures), cancellation);
        signal.Set();
        return outcome;
    }

    public async ValueTask<CommitOutcome> PrioritiseAsync(string id, JobPriority priority, CancellationToken cancellation)
    {
        var outcome = await store.CommitAsync(id, attempt: null, new JobCommand.Prioritise(priority), cancellation);
        signal.Set();
        return outcome;
    }

    public async ValueTask<PurgeOutcome> PurgeAsync(string id, CancellationToken cancellation)
    {
        var outcome = await store.PurgeAsync(id, cancellation);
        if (outcome is PurgeOutcome.Purged(var job)) await pictures.PurgeAsync(job);
        return outcome;
    }

    public bool IsPaused => store.IsPaused;

    public async ValueTask SetPausedAsync(bool paused, CancellationToken cancellation)
    {
        await store.SetPausedAsync(paused, cancellation);
        signal.Set();
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

    public IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, CancellationToken cancellation) => store.EventsAsync(id, after, cancellation);

    private async ValueTask<Admission> AdmitAsync(
        GenerationRequest request, IReadOnlyList<string> warnings, SubmitTerms terms, CancellationToken cancellation)
    {
        if (check.Refuse(request) is { } refusal) return refusal;
        request = request with { TraceParent = JobSpans.Parent };
        var admitted = Job.Admit(ids.Next(), request, warnings, time.GetUtcNow(), check.TilesOf(request));
        var hold = pictures.Hold(admitted.Job.Id); // before anybody can make one
        AddOutcome? outcome = null;
        try
        {
            outcome = await store.AddAsync(admitted, TermsOf(terms), cancellation);
        }
        finally
        {
            if (outcome is not AddOutcome.Added) hold.Dispose();
        }
        if (outcome is AddOutcome.Added) signal.Set();
        return outcome switch
        {
            AddOutcome.Added => new Admission.Accepted(admitted.Job, hold),
            AddOutcome.Replayed(var first) => new Admission.Replayed(first, pictures.Hold(first.Id)),
            AddOutcome.KeyReused => new Admission.KeyReused(),
            AddOutcome.QueueFull(var limit, var value) => new Admission.QueueFull(value, pace.RetryAfter, limit),
            AddOutcome.CallerFull(var limit, var value) => new Admission.CallerFull(value, pace.RetryAfter, limit),
            AddOutcome.StorageFull => new Admission.StorageFull(),
            _ => new Admission.ShuttingDown(),
        };
    }

    private AddTerms TermsOf(SubmitTerms terms) => new()
    {
        MaxQueued = options.MaxQueued,
        MaxCost = options.MaxQueuedCost,
        MaxQueuedPerCaller = terms.MaxQueued,
        MaxCostPerCaller = terms.MaxCost,
        Key = terms.Key,
    };

    private async ValueTask<double?> RecentPaceAsync(GenerationRequest like, CancellationToken cancellation) =>
        Eta.Recent((await store.ListAsync(new JobQuery(JobState.Succeeded, Eta.RecentJobs), cancellation)).Jobs, like);
}
