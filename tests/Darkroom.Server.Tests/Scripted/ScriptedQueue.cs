using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>An engine that does what the test says: finish at once, wait, fail, refuse or throw.</summary>
internal sealed class ScriptedQueue(IArtifactStore artifacts) : IGenerationQueue
{
    private readonly ConcurrentDictionary<string, Entry> _jobs = new();
    private int _count;

    /// <summary>What was asked, in order.</summary>
    public ConcurrentQueue<GenerationRequest> Asked { get; } = new();

    public ConcurrentQueue<string> Cancelled { get; } = new();

    /// <summary>Refuses every request.</summary>
    public Admission? Refusal { get; set; }

    /// <summary>Fails every job.</summary>
    public JobFailure? Failure { get; set; }

    /// <summary>Expires every job.</summary>
    public bool Expires { get; set; }

    /// <summary>Breaks, as a bug would.</summary>
    public Func<GenerationRequest, Exception>? Throws { get; set; }

    /// <summary>Jobs wait until it is set.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public async ValueTask<Admission> SubmitAsync(GenerationRequest request, IReadOnlyList<string> warnings, CancellationToken cancellation)
    {
        Asked.Enqueue(request);
        if (Throws is not null) throw Throws(request);
        if (Refusal is not null) return Refusal;
        var now = DateTimeOffset.UtcNow;
        var entry = new Entry(Job.Admit(Interlocked.Increment(ref _count).ToString("x32"), request, warnings, now).Job);
        _jobs[entry.Job.Id] = entry;
        entry.Apply(new JobCommand.Claim());
        if (Gate is null) await FinishAsync(entry);
        else _ = Gate.Task.ContinueWith(_ => FinishAsync(entry), TaskScheduler.Default).Unwrap();
        return new Admission.Accepted(entry.Job);
    }

    public async ValueTask<Job> WaitAsync(string id, CancellationToken cancellation)
    {
        await _jobs[id].Finished.Task.WaitAsync(cancellation);
        return _jobs[id].Job;
    }

    public ValueTask<Job?> CancelAsync(string id, CancellationToken cancellation)
    {
        if (!_jobs.TryGetValue(id, out var entry)) return ValueTask.FromResult<Job?>(null);
        Cancelled.Enqueue(id);
        entry.Apply(new JobCommand.Cancel());
        return ValueTask.FromResult<Job?>(entry.Job);
    }

    public ValueTask<Job?> FindAsync(string id, CancellationToken cancellation) => ValueTask.FromResult(_jobs.GetValueOrDefault(id)?.Job);

    public async IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var job = await WaitAsync(id, cancellation);
        yield return new JobEvent(id, job.Version, DateTimeOffset.UtcNow, JobEventKind.Succeeded, job.Progress);
    }

    private async Task FinishAsync(Entry entry)
    {
        if (Expires) entry.Apply(new JobCommand.Expire());
        else if (Failure is { } failure) entry.Apply(new JobCommand.Fail(failure));
        else entry.Apply(new JobCommand.Succeed(await ResultAsync(entry.Job.Request)));
    }

    private async Task<JobResult> ResultAsync(GenerationRequest request)
    {
        var images = new List<GeneratedImage>();
        for (var i = 0; i < request.Count; i++)
        {
            var bytes = Encoding.ASCII.GetBytes($"picture {i} of seed {request.Seed}");
            var artifact = await artifacts.AddAsync(request.Format, bytes, default);
            images.Add(new(i, request.Seed + i, request.Width, request.Height, request.Format, bytes.Length, artifact.Sha256, artifact.Id));
        }
        return new(images, [], new(1, 2, 3, 4, 10.123456, request.Steps, 1), ScriptedModels.Hash);
    }

    private sealed class Entry(Job job)
    {
        public Job Job { get; private set; } = job;

        public TaskCompletionSource Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Apply(JobCommand command)
        {
            lock (this)
            {
                if (Job.Apply(command, DateTimeOffset.UtcNow) is { } next) Job = next.Job;
                if (Job.IsFinished) Finished.TrySetResult();
            }
        }
    }
}
