using System.Collections.Concurrent;
using System.Text;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Memory;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>An engine that does what the test says: finish at once, wait, fail, refuse or throw.</summary>
internal sealed class ScriptedQueue(IArtifactStore artifacts, IJobStore? store = null) : IGenerationQueue
{
    private int count;

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<GenerationRequest> Asked { get; } = new();

    /// <summary>What the admitted ones were asked on.</summary>
    public ConcurrentQueue<SubmitTerms> Terms { get; } = new();

    public ConcurrentQueue<string> Cancelled { get; } = new();

    /// <summary>Refuses every request.</summary>
    public Admission? Refusal { get; set; }

    /// <summary>Fails every job.</summary>
    public JobFailure? Failure { get; set; }

    /// <summary>Expires every job.</summary>
    public bool Expires { get; set; }

    /// <summary>Breaks, as a bug would.</summary>
    public Func<GenerationRequest, Exception>? Throws { get; set; }

    /// <summary>Size of a picture's file; 0: as it comes.</summary>
    public int PictureBytes { get; set; }

    /// <summary>Jobs wait until it is set.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Jobs as they stand; a test may move them on.</summary>
    public IJobStore Store { get; } = store ?? new MemoryJobStore(TimeProvider.System);

    /// <summary>Jobs are not claimed.</summary>
    public bool LeavesQueued { get; set; }

    /// <summary>What is said of every job that is not finished.</summary>
    public JobOutlook Outlook { get; set; }

    public async ValueTask<Admission> SubmitAsync(
        GenerationRequest request, IReadOnlyList<string> warnings, SubmitTerms terms, CancellationToken cancellation)
    {
        Asked.Enqueue(request);
        if (Throws is not null) throw Throws(request);
        if (Refusal is not null) return Refusal;
        var admitted = Job.Admit(Interlocked.Increment(ref count).ToString("x32"), request, warnings, DateTimeOffset.UtcNow);
        var pictures = artifacts.Hold(admitted.Job.Id);
        switch (await Store.AddAsync(admitted, new AddTerms { MaxQueued = 1000, Key = terms.Key }, cancellation))
        {
            case AddOutcome.Replayed(var first): return new Admission.Replayed(first, pictures);
            case AddOutcome.KeyReused: return new Admission.KeyReused();
        }
        Terms.Enqueue(terms);
        if (LeavesQueued) return new Admission.Accepted(admitted.Job, pictures);
        await Store.ClaimAsync([admitted.Job.Id], new JobOwner("test", TimeSpan.FromMinutes(1)), cancellation);
        if (Gate is null) await FinishAsync(admitted.Job);
        else _ = Gate.Task.ContinueWith(_ => FinishAsync(admitted.Job), TaskScheduler.Default).Unwrap();
        return new Admission.Accepted(admitted.Job, pictures);
    }

    public async ValueTask<Job> WaitAsync(string id, CancellationToken cancellation) => (await Store.WaitAsync(id, cancellation))!;

    public async ValueTask<Job?> CancelAsync(string id, CancellationToken cancellation)
    {
        if (await Store.FindAsync(id, cancellation) is null) return null;
        Cancelled.Enqueue(id);
        await ApplyAsync(id, new JobCommand.Cancel());
        return await Store.FindAsync(id, cancellation);
    }

    public ValueTask<CommitOutcome> FinishEarlyAsync(string id, PictureSet pictures, CancellationToken cancellation) =>
        Store.CommitAsync(id, null, new JobCommand.FinishEarly(pictures), cancellation);

    public ValueTask<CommitOutcome> PrioritiseAsync(string id, JobPriority priority, CancellationToken cancellation) =>
        Store.CommitAsync(id, null, new JobCommand.Prioritise(priority), cancellation);

    public ValueTask<PurgeOutcome> PurgeAsync(string id, CancellationToken cancellation) => Store.PurgeAsync(id, cancellation);

    public bool IsPaused => Store.IsPaused;

    public ValueTask SetPausedAsync(bool paused, CancellationToken cancellation) => Store.SetPausedAsync(paused, cancellation);

    public ValueTask<Job?> FindAsync(string id, CancellationToken cancellation) => Store.FindAsync(id, cancellation);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation) => Store.ListAsync(query, cancellation);

    public ValueTask<JobOutlook> OutlookAsync(Job job, CancellationToken cancellation) => ValueTask.FromResult(job.IsFinished ? default : Outlook);

    public IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, CancellationToken cancellation) => Store.EventsAsync(id, after, cancellation);

    /// <summary>Moves a job on, as the engine would.</summary>
    public async Task ApplyAsync(string id, JobCommand command) => await Store.CommitAsync(id, null, command, default);

    private async Task FinishAsync(Job job) => await ApplyAsync(job.Id,
        Expires ? new JobCommand.Expire()
        : Failure is { } failure ? new JobCommand.Fail(failure)
        : new JobCommand.Succeed(await ResultAsync(job)));

    private async Task<JobResult> ResultAsync(Job job)
    {
        var request = job.Request;
        var images = new List<GeneratedImage>();
        for (var i = 0; i < request.Count; i++)
        {
            var bytes = Encoding.ASCII.GetBytes($"picture {i} of seed {request.Seed}".PadRight(PictureBytes));
            var artifact = Assert.IsType<ArtifactAdded.Stored>(await artifacts.AddAsync(job.Id, request.Format, bytes, default)).Artifact;
            images.Add(new(i, request.Seed + i, request.Width, request.Height, request.Format, bytes.Length, artifact.Sha256, artifact.Id));
        }
        return new(images, [], new(1, 2, 3, 4, 10.123456, request.Steps, 1), ScriptedModels.Hash);
    }
}
