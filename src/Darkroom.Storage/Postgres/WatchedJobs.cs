using Darkroom.Engine.Jobs;
using Darkroom.Storage.Live;

namespace Darkroom.Storage.Postgres;

/// <summary>Jobs that somebody in this process waits for or reads: as they stand, as far as this process has heard.</summary>
internal sealed class WatchedJobs
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Watched> jobs = [];

    /// <summary>Jobs that are not finished, with the newest version that is known of each.</summary>
    public IReadOnlyDictionary<string, long> Unfinished()
    {
        lock (gate)
            return jobs.Where(one => one.Value.Record is not { Job.IsFinished: true }).ToDictionary(one => one.Key, one => one.Value.Record?.Job.Version ?? -1);
    }

    public bool Contains(string id)
    {
        lock (gate) return jobs.ContainsKey(id);
    }

    /// <summary>Begins to watch a job, until it is disposed of.</summary>
    public JobWatch Watch(string id)
    {
        lock (gate)
        {
            if (!jobs.TryGetValue(id, out var watched)) jobs.Add(id, watched = new Watched());
            watched.Watchers++;
            return new JobWatch(this, id, watched);
        }
    }

    /// <summary>A row says how a job stands. An older row than is known changes nothing.</summary>
    public void Learn(JobRecord record)
    {
        lock (gate)
            if (jobs.TryGetValue(record.Job.Id, out var watched) && !(watched.Record?.Job.Version >= record.Job.Version)) watched.Publish(record);
    }

    /// <summary>More steps are done.</summary>
    public void Advance(string id, int attempt, JobProgress progress, DateTimeOffset at)
    {
        lock (gate)
        {
            if (!jobs.TryGetValue(id, out var watched) || watched.Record is not { Job: { State: JobState.Running } job } record) return;
            if (job.Attempt == attempt && progress.Step > job.Progress.Step) watched.Publish(Versions.WithProgress(record, progress, at));
        }
    }

    /// <summary>Progress that another process told, as far as this one has seen the job.</summary>
    public void Advance(string id, int attempt, int step, int steps, DateTimeOffset at)
    {
        JobProgress progress;
        lock (gate)
        {
            if (!jobs.TryGetValue(id, out var watched) || watched.Record is not { Job: { State: JobState.Running } job } || job.Attempt != attempt) return;
            progress = job.Progress.At(step, steps, at, job.Request.Count);
        }
        Advance(id, attempt, progress, at);
    }

    /// <summary>The job is there no more.</summary>
    public void Lose(string id)
    {
        lock (gate)
            if (jobs.TryGetValue(id, out var watched)) watched.Lose();
    }

    private (JobEvent[] Fresh, Task Changed, bool Ended) EventsOf(Watched watched, long after)
    {
        lock (gate)
        {
            JobEvent[] fresh = [.. (watched.Record?.Events ?? []).Where(one => one.Version > after)];
            return (fresh, watched.NextChange, watched.IsLost || watched.Record is { Job.IsFinished: true });
        }
    }

    private void Leave(string id, Watched watched)
    {
        lock (gate)
            if (--watched.Watchers == 0) jobs.Remove(id);
    }

    /// <summary>One who watches a job.</summary>
    public sealed class JobWatch(WatchedJobs jobs, string id, Watched watched) : IDisposable
    {
        /// <summary>As it stands; null: no row was seen yet.</summary>
        public JobRecord? Record => watched.Record;

        /// <summary>The events after a version, what to wait for, and whether there will be no more of them.</summary>
        public (JobEvent[] Fresh, Task Changed, bool Ended) EventsAfter(long version) => jobs.EventsOf(watched, version);

        public void Dispose() => jobs.Leave(id, watched);
    }

    /// <summary>A job; the lock of all guards it.</summary>
    public sealed class Watched
    {
        private TaskCompletionSource? changed;

        public JobRecord? Record { get; private set; }

        public bool IsLost { get; private set; }

        public int Watchers { get; set; }

        public Task NextChange => (changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Publish(JobRecord next)
        {
            Record = next;
            Signal();
        }

        public void Lose()
        {
            IsLost = true;
            Signal();
        }

        private void Signal()
        {
            changed?.SetResult();
            changed = null;
        }
    }
}
