using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Engine.Execution;

/// <summary>The jobs that wait, as this process sees them at a tick.</summary>
internal sealed class WaitingLine(IJobStore store, JobWrites writes, TimeProvider time)
{
    /// <summary>Jobs that are looked at, the oldest of the highest priority first: enough to find the short ones among.</summary>
    public const int Seen = 256;

    /// <summary>And the oldest of those beyond: a job that many of higher priority stand before is seen in the end too.</summary>
    public const int Oldest = 32;

    /// <summary>Seconds after which jobs that are out of sight are looked through for deadlines; those in sight are kept to the tick.</summary>
    private const double ExpireEvery = 1;

    private readonly List<string> ids = [];
    private DateTimeOffset expired; // when deadlines were last looked through

    /// <summary>When they were read.</summary>
    public DateTimeOffset Now { get; private set; }

    public IReadOnlyList<Job> Jobs { get; private set; } = [];

    /// <summary>Reads them, without the jobs whose deadline has passed: those never touch a device.</summary>
    public async ValueTask ReadAsync(CancellationToken cancellation)
    {
        Now = time.GetUtcNow();
        Jobs = await store.WaitingAsync(Seen, Oldest, cancellation);
        if (!IsAnyDue() && Math.Abs((Now - expired).TotalSeconds) < ExpireEvery) return; // a clock that was put back keeps nobody waiting
        expired = Now;
        if (await writes.ExpireAsync(cancellation) > 0) Jobs = await store.WaitingAsync(Seen, Oldest, cancellation);
    }

    /// <summary>Whether others claim from it too.</summary>
    public bool IsShared => store.IsShared;

    /// <summary>Claims some of them, by index.</summary>
    /// <param name="chosen">The jobs, and after them those that stand in where others were quicker.</param>
    /// <param name="max">Maximum of jobs that are claimed.</param>
    /// <returns>Those that nobody else took meanwhile.</returns>
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<int> chosen, int max, CancellationToken cancellation)
    {
        ids.Clear();
        for (int i = 0; i < chosen.Count; i++) ids.Add(Jobs[chosen[i]].Id);
        return writes.ClaimAsync(ids, max, cancellation);
    }

    private bool IsAnyDue()
    {
        for (int i = 0; i < Jobs.Count; i++) // by index: an enumerator would be allocated at every tick
            if (Jobs[i].Request.Deadline is { } seconds && Now >= Jobs[i].CreatedAt.AddSeconds(seconds)) return true;
        return false;
    }
}
