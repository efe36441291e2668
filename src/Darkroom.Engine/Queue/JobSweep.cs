using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>Removes finished jobs that are too old, and all that they left, from time to time.</summary>
/// <param name="retention">How long a job is kept after its end, where its caller has no time of its own.</param>
internal sealed class JobSweep(IJobStore jobs, JobPictures pictures, TimeSpan retention, TimeProvider time, ILogger<JobSweep> log, IRetention? own = null)
    : PeriodicWork(retention < MaxInterval ? retention : MaxInterval, time)
{
    /// <summary>Jobs of one commit: between two of them others get their turn.</summary>
    private const int Together = 200;

    private static readonly TimeSpan MaxInterval = TimeSpan.FromMinutes(10);

    private readonly TimeProvider clock = time;

    /// <summary>One sweep.</summary>
    /// <returns>How many jobs went.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var callers = own is null ? new Dictionary<string, TimeSpan>() : await own.OwnAsync(cancellation);
        var now = clock.GetUtcNow();
        int count = await SweepAsync(new SweepQuery(now - retention) { Except = [.. callers.Keys] }, cancellation);
        foreach (var (caller, kept) in callers) count += await SweepAsync(new SweepQuery(now - kept) { Caller = caller }, cancellation);
        return count;
    }

    private async Task<int> SweepAsync(SweepQuery query, CancellationToken cancellation)
    {
        int count = 0;
        while (true)
        {
            var swept = await jobs.SweepAsync(query, Together, cancellation);
            foreach (var job in swept) await pictures.PurgeAsync(job);
            count += swept.Count;
            if (swept.Count < Together) return count;
        }
    }

    protected override async Task TurnAsync(CancellationToken cancellation)
    {
        if (await SweepAsync(cancellation) is > 0 and var count) EngineLog.JobsSwept(log, count);
    }

    protected override void Failed(Exception exception) => EngineLog.JobSweepFailed(log, exception);
}
