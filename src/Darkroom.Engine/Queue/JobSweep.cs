using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>Removes finished jobs that are too old, and all that they left, from time to time.</summary>
/// <param name="retention">How long a job is kept after its end.</param>
internal sealed class JobSweep(IJobStore jobs, JobPictures pictures, TimeSpan retention, TimeProvider time, ILogger<JobSweep> log)
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
        int count = 0;
        while (true)
        {
            var swept = await jobs.SweepAsync(clock.GetUtcNow() - retention, Together, cancellation);
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
