using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Darkroom.Engine.Queue;

/// <summary>Counts every end that this process brings about.</summary>
internal sealed class JobMeter(IJobStore store, JobTelemetry telemetry) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.Finished += telemetry.Ended;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        store.Finished -= telemetry.Ended;
        return Task.CompletedTask;
    }
}
