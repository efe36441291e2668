using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>
/// A store as the engine sees one that cannot be reached for a while, or whose disk is full: readers are answered, what the loop has it do or write throws.
/// </summary>
internal sealed class FaultyStore(IJobStore store) : IJobStore
{
    private int faults;

    public event Action<Job>? Finished
    {
        add => store.Finished += value;
        remove => store.Finished -= value;
    }

    public bool OutlivesProcess => store.OutlivesProcess;

    public bool IsDown { get; set; }

    /// <summary>Writes that find the disk full, from now on.</summary>
    public int FullWrites { get; set; }

    /// <summary>Operations that threw.</summary>
    public int Faults => faults;

    public ValueTask<AddOutcome> AddAsync(JobTransition admitted, AddTerms terms, CancellationToken cancellation) =>
        store.AddAsync(admitted, terms, cancellation);

    public ValueTask<IReadOnlyList<Job>> WaitingAsync(int limit, int oldest, CancellationToken cancellation) =>
        Up().WaitingAsync(limit, oldest, cancellation);

    public ValueTask<int> ExpireAsync(CancellationToken cancellation) => Up().ExpireAsync(cancellation);

    public ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, JobOwner owner, CancellationToken cancellation) =>
        Written().ClaimAsync(ids, owner, cancellation);

    public IReadOnlyList<EarlyFinish> EarlyFinishesOf(IReadOnlyList<JobClaim> claims) => store.EarlyFinishesOf(claims);

    public ValueTask<IReadOnlyList<JobClaim>> RenewAsync(IReadOnlyList<JobClaim> claims, JobOwner owner, CancellationToken cancellation) =>
        Up().RenewAsync(claims, owner, cancellation);

    public ValueTask<IReadOnlyList<Job>> RecoverAsync(JobOwner owner, int maxCrashes, CancellationToken cancellation) =>
        Up().RecoverAsync(owner, maxCrashes, cancellation);

    public ValueTask LeaveAsync(JobOwner owner, CancellationToken cancellation) => Up().LeaveAsync(owner, cancellation);

    public ValueTask<CommitOutcome> CommitAsync(string id, int? attempt, JobCommand command, CancellationToken cancellation) =>
        Written().CommitAsync(id, attempt, command, cancellation);

    public ValueTask ReportAsync(string id, int attempt, int steps, int? wanted, CancellationToken cancellation) =>
        Up().ReportAsync(id, attempt, steps, wanted, cancellation);

    public ValueTask<Job?> FindAsync(string id, CancellationToken cancellation) => store.FindAsync(id, cancellation);

    public IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, CancellationToken cancellation) => store.EventsAsync(id, after, cancellation);

    public ValueTask<Job?> WaitAsync(string id, CancellationToken cancellation) => store.WaitAsync(id, cancellation);

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation) => store.ListAsync(query, cancellation);

    public ValueTask<QueueAhead?> AheadAsync(string id, CancellationToken cancellation) => store.AheadAsync(id, cancellation);

    public ValueTask<int> CountQueuedAsync(CancellationToken cancellation) => store.CountQueuedAsync(cancellation);

    public bool IsPaused => store.IsPaused;

    public ValueTask SetPausedAsync(bool paused, CancellationToken cancellation) => Up().SetPausedAsync(paused, cancellation);

    public ValueTask<QueueSummary> SummariseAsync(CancellationToken cancellation) => Up().SummariseAsync(cancellation);

    public ValueTask<IReadOnlyList<Job>> SweepAsync(SweepQuery query, int limit, CancellationToken cancellation) =>
        Up().SweepAsync(query, limit, cancellation);

    public ValueTask<PurgeOutcome> PurgeAsync(string id, CancellationToken cancellation) => Up().PurgeAsync(id, cancellation);

    private IJobStore Written()
    {
        if (FullWrites == 0) return Up();
        FullWrites--;
        Interlocked.Increment(ref faults);
        throw new StoreException("The disk is full.", StoreFault.Full);
    }

    private IJobStore Up()
    {
        if (!IsDown) return store;
        Interlocked.Increment(ref faults);
        throw new IOException("The store cannot be reached.");
    }
}
