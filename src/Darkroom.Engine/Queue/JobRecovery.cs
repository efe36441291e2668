using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>Takes back what dead owners held, and tells of it.</summary>
internal sealed class JobRecovery(IJobStore store, JobOwner owner, EngineOptions options, JobTelemetry telemetry, ILogger<JobRecovery> log)
{
    /// <summary>How often to look: three times in a lease.</summary>
    public TimeSpan Interval => owner.Lease / 3;

    /// <returns>Jobs that were taken back.</returns>
    public async ValueTask<int> RecoverAsync(CancellationToken cancellation)
    {
        var jobs = await store.RecoverAsync(owner, options.MaxCrashes, cancellation);
        foreach (var job in jobs)
        {
            EngineLog.JobRecovered(log, job.Id, job.State, job.LostClaims);
            telemetry.Lost(job);
        }
        return jobs.Count;
    }
}
