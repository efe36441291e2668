using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>Releases what a job owned as soon as it is finished, whatever finished it: nobody else does, so no end can be forgotten.</summary>
internal sealed class JobRelease(IJobStore store, JobPictures pictures, ILogger<JobRelease> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.Finished += Release;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        store.Finished -= Release;
        return Task.CompletedTask;
    }

    /// <summary>A slow input store holds nobody up.</summary>
    private void Release(Job job) => _ = ReleaseAsync(job);

    private async Task ReleaseAsync(Job job)
    {
        try
        {
            await pictures.ReleaseInputsAsync(job.Request);
        }
        catch (Exception e)
        {
            // The job is finished all the same; its pictures take room until somebody clears the store.
            EngineLog.ReleaseFailed(log, job.Id, e);
        }
    }
}
