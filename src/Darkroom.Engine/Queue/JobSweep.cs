using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>Removes finished jobs that are too old, and all that they left, from time to time.</summary>
/// <param name="retention">How long a job is kept after its end.</param>
internal sealed class JobSweep(IJobStore jobs, JobPictures pictures, TimeSpan retention, TimeProvider time, ILogger<JobSweep> log) : BackgroundService
{
    /// <summary>Jobs of one commit: between two of them others get their turn.</summary>
    private const int Together = 200;

    private static readonly TimeSpan MaxInterval = TimeSpan.FromMinutes(10);

    /// <summary>One sweep.</summary>
    /// <returns>How many jobs went.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        int count = 0;
        while (true)
        {
            var swept = await jobs.SweepAsync(time.GetUtcNow() - retention, Together, cancellation);
            foreach (var job in swept) await pictures.PurgeAsync(job);
            count += swept.Count;
            if (swept.Count < Together) return count;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(retention < MaxInterval ? retention : MaxInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await SweepAsync(stoppingToken) is > 0 and var count) EngineLog.JobsSwept(log, count);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                EngineLog.JobSweepFailed(log, e);
            }
        }
    }
}
