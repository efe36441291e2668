using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Engine.Execution;

/// <summary>The jobs that wait, as this process sees them at a tick.</summary>
internal sealed class WaitingLine(IJobStore store, JobOwner owner, TimeProvider time)
{
    /// <summary>Jobs that are looked at, the oldest of the highest priority first: enough to find the short ones among.</summary>
    public const int Seen = 256;

    private readonly List<string> ids = [];

    /// <summary>When they were read.</summary>
    public DateTimeOffset Now { get; private set; }

    public IReadOnlyList<Job> Jobs { get; private set; } = [];

    /// <summary>Reads them, without the jobs whose deadline has passed: those never touch a device.</summary>
    public async ValueTask ReadAsync(CancellationToken cancellation)
    {
        Now = time.GetUtcNow();
        Jobs = await store.WaitingAsync(Seen, cancellation);
        bool expired = false;
        for (int i = 0; i < Jobs.Count; i++) // by index: an enumerator would be allocated at every tick
        {
            var job = Jobs[i];
            if (job.Request.Deadline is not { } seconds || Now < job.CreatedAt.AddSeconds(seconds)) continue;
            await store.CommitAsync(job.Id, attempt: null, new JobCommand.Expire(), cancellation);
            expired = true;
        }
        if (expired) Jobs = await store.WaitingAsync(Seen, cancellation);
    }

    /// <summary>Claims some of them, by index.</summary>
    /// <returns>Those that nobody else took meanwhile.</returns>
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<int> chosen, CancellationToken cancellation)
    {
        ids.Clear();
        for (int i = 0; i < chosen.Count; i++) ids.Add(Jobs[chosen[i]].Id);
        return store.ClaimAsync(ids, owner, cancellation);
    }
}
