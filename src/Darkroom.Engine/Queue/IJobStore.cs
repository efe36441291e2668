using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>
/// Where jobs are kept. The engine knows this port alone; memory, SQLite and PostgreSQL fill it. A commit is fenced by version: it succeeds for
/// exactly one of two writers that saw the same job, and publishes its events only after it succeeded.
/// </summary>
public interface IJobStore
{
    /// <summary>Stores an admitted job.</summary>
    /// <returns>False where the queue already holds as many waiting jobs as it may.</returns>
    ValueTask<bool> AddAsync(JobTransition admitted, CancellationToken cancellation);

    /// <summary>
    /// Up to <paramref name="limit"/> queued jobs, highest priority first, oldest first within it. The same list object comes back as long as nothing
    /// changed in it.
    /// </summary>
    ValueTask<IReadOnlyList<Job>> WaitingAsync(int limit, CancellationToken cancellation);

    /// <summary>Marks those of the named jobs as running that are still queued: the caller has claimed them.</summary>
    ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Applies a command to the job as it stands and commits the outcome.</summary>
    /// <param name="attempt">The caller's claim; a job claimed again since is left alone. Null: whoever holds it (a cancel from outside).</param>
    /// <returns>The job after the command, or null where there is no such job, another claim holds it or the command has no meaning now.</returns>
    ValueTask<Job?> CommitAsync(string id, int? attempt, JobCommand command, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Takes note of progress, as <see cref="JobCommand.Advance"/> would. It may be kept back until somebody looks at the job, or something else is committed:
    /// steps are many, and mostly nobody watches. A reader of events who waits is told at once.
    /// </summary>
    /// <param name="steps">Steps done so far, over all pictures.</param>
    /// <param name="wanted">How many are wanted, where that is known better by now.</param>
    ValueTask ReportAsync(string id, int attempt, int steps, int? wanted, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Whether a claim still holds: the job runs, and was not claimed again since.</summary>
    ValueTask<bool> HoldsAsync(string id, int attempt, CancellationToken cancellation);

    ValueTask<Job?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>The job's events after a version, then those to come; ends after the one that finishes the job. Throws nothing when the job is unknown: it is empty.</summary>
    IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, CancellationToken cancellation);

    /// <summary>The job once it is finished; null where there is none of that id. Unlike a reader of events, a waiter is woken once.</summary>
    ValueTask<Job?> WaitAsync(string id, CancellationToken cancellation);

    /// <summary>A page of the jobs that the store holds, newest first.</summary>
    ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation);

    /// <summary>What is claimed before a waiting job; null where there is none of that id, or it does not wait.</summary>
    ValueTask<QueueAhead?> AheadAsync(string id, CancellationToken cancellation);

    /// <summary>Jobs waiting to be claimed.</summary>
    ValueTask<int> CountQueuedAsync(CancellationToken cancellation);
}
