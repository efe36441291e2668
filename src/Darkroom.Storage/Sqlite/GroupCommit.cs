using System.Collections.Concurrent;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>
/// The one writer. It takes all operations that wait, decides them in order, writes them in one transaction and publishes them together: while the disk is
/// busy with one group the next gathers. A thread of its own, since a disk may take as long as it likes and the pool has better to do.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private const int MaxTogether = 512;

    private readonly BlockingCollection<StoreOperation> waiting = [];
    private readonly List<StoreOperation> group = [];
    private readonly LiveJobs live;
    private readonly Draft draft;
    private readonly JobJournal journal;
    private readonly Action<IReadOnlyList<Job>> tell;
    private readonly Thread thread;

    /// <param name="live">What is published to.</param>
    /// <param name="draft">What is decided on.</param>
    /// <param name="journal">What is written to; only this thread does.</param>
    /// <param name="tell">Told of the jobs that a group finished.</param>
    public GroupCommit(LiveJobs live, Draft draft, JobJournal journal, Action<IReadOnlyList<Job>> tell)
    {
        (this.live, this.draft, this.journal, this.tell) = (live, draft, journal, tell);
        thread = new Thread(Run) { Name = "job store", IsBackground = true };
        thread.Start();
    }

    public Task<T> RunAsync<T>(Func<Draft, T> decide)
    {
        var operation = new StoreOperation<T>(decide);
        try
        {
            waiting.Add(operation);
        }
        catch (InvalidOperationException e)
        {
            operation.Fail(new StoreException("The job store is closed.", StoreFault.Unavailable, e));
        }
        return operation.Outcome;
    }

    /// <summary>Comes back when all that waits is written.</summary>
    public void Dispose()
    {
        waiting.CompleteAdding();
        thread.Join();
        waiting.Dispose();
    }

    private void Run()
    {
        foreach (var first in waiting.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < MaxTogether && waiting.TryTake(out var next)) group.Add(next);
            if (group.Count > 1 && TryRun(group) is not null)
            {
                // One may be why, or there is room for some and not for all: each for itself.
                foreach (var operation in group) RunAlone(operation);
            }
            else if (group.Count == 1)
            {
                RunAlone(group[0]);
            }
        }
    }

    private void RunAlone(StoreOperation operation)
    {
        if (TryRun([operation]) is { } reason) operation.Fail(reason);
    }

    /// <returns>Why nothing was changed; null: all of it is committed and told.</returns>
    private Exception? TryRun(IReadOnlyList<StoreOperation> operations)
    {
        Job[] ended;
        try
        {
            foreach (var operation in operations) operation.Decide(draft);
            if (!draft.IsEmpty) journal.Write(draft);
            live.Publish(draft);
            ended = [.. draft.Ended];
            draft.Clear();
        }
        catch (Exception e)
        {
            draft.Abandon();
            return e is SqliteException fault ? Faults.Of(fault) : e;
        }
        tell(ended);
        foreach (var operation in operations) operation.Complete();
        return null;
    }
}
