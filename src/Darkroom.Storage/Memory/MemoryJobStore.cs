using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;

namespace Darkroom.Storage.Memory;

/// <summary>Jobs in this process alone: they end with it. What is decided is published under the same lock, and readers are woken after.</summary>
public sealed class MemoryJobStore : LiveJobStore
{
    private readonly LiveJobs live;
    private readonly Draft draft;
    private readonly LiveUsage usage = new();

    /// <param name="time">Stamps changes and judges leases.</param>
    /// <param name="keptFinished">Finished jobs that can still be asked for; the oldest are forgotten first.</param>
    public MemoryJobStore(TimeProvider time, int keptFinished = 1000) : this(new LiveJobs(keptFinished), time)
    {
    }

    private MemoryJobStore(LiveJobs live, TimeProvider time) : base(live, archive: null, time) => (this.live, draft) = (live, new Draft(live, archive: null));

    public override bool OutlivesProcess => false;

    private protected override IReadOnlyList<UsageEntry> UsageOf(UsageQuery query) => usage.Of(query);

    private protected override ValueTask<T> DecideAsync<T>(Func<Draft, T> decide)
    {
        T outcome;
        Job[] ended;
        lock (live.Gate)
        {
            try
            {
                outcome = decide(draft);
                usage.Add(draft.Usage);
                if (draft.ForgetsUsageBefore is { } day) usage.Sweep(day);
                live.Publish(draft);
                ended = [.. draft.Ended];
                draft.Clear();
            }
            catch
            {
                draft.Abandon();
                throw;
            }
        }
        Tell(ended);
        return ValueTask.FromResult(outcome);
    }
}
