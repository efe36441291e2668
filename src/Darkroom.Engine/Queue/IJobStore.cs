using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>
/// Where jobs are kept. The engine knows this port alone; memory, SQLite and PostgreSQL fill it. A job's new state and its events are committed at once, and
/// told only after that. A claim is fenced by its attempt: what an earlier claim commits is refused. The store's own clock stamps every change and
/// judges every lease, so that processes whose clocks differ agree.
/// </summary>
public interface IJobStore
{
    /// <summary>
    /// Told of every job that an operation of this process finished, after the commit: once for each, on the thread that committed. What the job owned can be
    /// released. A subscriber does not throw, and waits for no operation of the store.
    /// </summary>
    event Action<Job>? Finished;

    /// <summary>
    /// Told when another process changed the queue, or took what this one held: who claims may look again. A store of one process never tells.
    /// </summary>
    event Action? Changed
    {
        add { }
        remove { }
    }

    /// <summary>Whether jobs are there for the next process: then what is not finished when this one stops goes on, and is not cancelled.</summary>
    bool OutlivesProcess { get; }

    /// <summary>Stores an admitted job, unless its key or a limit is against it. Once it is under way a cancellation does not undo it.</summary>
    ValueTask<AddOutcome> AddAsync(JobTransition admitted, AddTerms terms, CancellationToken cancellation);

    /// <summary>
    /// Up to <paramref name="limit"/> queued jobs, highest priority first, oldest first within it; then up to <paramref name="oldest"/> of the others, the
    /// oldest first whatever their priority, so that none is out of sight for ever; a store that many share shows callers there first who have none before.
    /// The same list object comes back as long as nothing changed in it.
    /// </summary>
    ValueTask<IReadOnlyList<Job>> WaitingAsync(int limit, int oldest, CancellationToken cancellation);

    /// <summary>
    /// Ends every queued job whose deadline has passed (<see cref="JobCommand.Expire"/>), however many wait before it: one operation, by the store's clock.
    /// </summary>
    /// <returns>Jobs that it ended.</returns>
    ValueTask<int> ExpireAsync(CancellationToken cancellation);

    /// <summary>
    /// Marks those of the named jobs as running that are still queued: they are the owner's until the lease runs out. None while the queue is paused.
    /// </summary>
    ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, JobOwner owner, CancellationToken cancellation);

    /// <summary>Whether other processes claim from the same queue, so that what one sees may be gone.</summary>
    bool IsShared => false;

    /// <summary>
    /// As above, but no more than so many: the first of the named jobs that are still queued. Those who share a queue all prefer the same jobs, and name more
    /// than they want, so that the later ones stand in for what others took.
    /// </summary>
    ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, int max, JobOwner owner, CancellationToken cancellation) =>
        ClaimAsync(ids.Count <= max ? ids : [.. ids.Take(max)], owner, cancellation);

    /// <summary>
    /// Prolongs the leases of an owner's claims, and says which of them hold no more: the job ended, or was claimed again. Asked at every tick about all claims
    /// at once; a store may answer from what it knows, and write leases only when a good part of them has passed.
    /// </summary>
    /// <returns>The claims that are lost; mostly none.</returns>
    ValueTask<IReadOnlyList<JobClaim>> RenewAsync(IReadOnlyList<JobClaim> claims, JobOwner owner, CancellationToken cancellation);

    /// <summary>
    /// Which of the owner's claims have pictures that are to be finished early (<see cref="Job.FinishesEarly"/>). Asked at every tick, like
    /// <see cref="RenewAsync"/>, and answered from what is known here.
    /// </summary>
    /// <returns>Mostly none; a job is told again as long as it is held.</returns>
    IReadOnlyList<EarlyFinish> EarlyFinishesOf(IReadOnlyList<JobClaim> claims) => [];

    /// <summary>
    /// Takes back what dead owners held: <see cref="JobCommand.Recover"/> puts those jobs into the queue again, or fails them. An owner is dead whose
    /// lease has run out; where one process at a time may use the store, everyone but <paramref name="owner"/> is.
    /// </summary>
    /// <param name="owner">Who asks; nobody takes back from himself.</param>
    /// <param name="maxCrashes">Deaths of its worker at which a job fails, at least 1.</param>
    /// <returns>The jobs as they stand now.</returns>
    ValueTask<IReadOnlyList<Job>> RecoverAsync(JobOwner owner, int maxCrashes, CancellationToken cancellation);

    /// <summary>
    /// The owner stops. In a store that outlives the process its jobs go back into the queue, for the next process; a store that ends with the
    /// process fails every job that is left, waiting ones too, as <see cref="JobFailureKind.ShuttingDown"/>.
    /// </summary>
    ValueTask LeaveAsync(JobOwner owner, CancellationToken cancellation);

    /// <summary>Applies a command to the job as it stands and commits the outcome.</summary>
    /// <param name="attempt">The caller's claim; null: it has none, and the command is for any holder (a cancel from outside).</param>
    ValueTask<CommitOutcome> CommitAsync(string id, int? attempt, JobCommand command, CancellationToken cancellation);

    /// <summary>
    /// Records steps done. They may be kept back until somebody looks at the job, or something else is committed: steps are many, and mostly nobody
    /// watches. A reader of events who waits is told at once. A report of a lost claim, or of fewer steps than before, is ignored.
    /// </summary>
    /// <param name="steps">Steps done so far, over all pictures.</param>
    /// <param name="wanted">How many are wanted, where that is known better by now.</param>
    ValueTask ReportAsync(string id, int attempt, int steps, int? wanted, CancellationToken cancellation);

    ValueTask<Job?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>The job's events after a version, then those to come; ends after the one that finishes the job. Empty where the job is unknown.</summary>
    IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, CancellationToken cancellation);

    /// <summary>The job once it is finished; null where there is none of that id. Unlike a reader of events, a waiter is woken once.</summary>
    ValueTask<Job?> WaitAsync(string id, CancellationToken cancellation);

    /// <summary>A page of the jobs that the store holds, newest first.</summary>
    ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation);

    /// <summary>What is claimed before a waiting job; null where there is none of that id, or it does not wait.</summary>
    ValueTask<QueueAhead?> AheadAsync(string id, CancellationToken cancellation);

    /// <summary>Jobs waiting to be claimed.</summary>
    ValueTask<int> CountQueuedAsync(CancellationToken cancellation);

    /// <summary>What waits, in numbers. It may look at all of it: not for every request.</summary>
    ValueTask<QueueSummary> SummariseAsync(CancellationToken cancellation);

    /// <summary>Whether jobs are admitted and not claimed: an operator's word, which lasts as long as the jobs do.</summary>
    bool IsPaused { get; }

    ValueTask SetPausedAsync(bool paused, CancellationToken cancellation);

    /// <summary>Removes finished jobs, those that finished first to begin with.</summary>
    /// <param name="query">Which.</param>
    /// <param name="limit">Maximum of jobs of a call, at least 1.</param>
    /// <returns>Those that were removed: what they made can be removed too.</returns>
    ValueTask<IReadOnlyList<Job>> SweepAsync(SweepQuery query, int limit, CancellationToken cancellation);

    /// <summary>Removes jobs of all callers that finished before a moment.</summary>
    ValueTask<IReadOnlyList<Job>> SweepAsync(DateTimeOffset finishedBefore, int limit, CancellationToken cancellation) =>
        SweepAsync(new SweepQuery(finishedBefore), limit, cancellation);

    /// <summary>Removes a finished job. Who reads it already reads it to its end.</summary>
    ValueTask<PurgeOutcome> PurgeAsync(string id, CancellationToken cancellation);
}
