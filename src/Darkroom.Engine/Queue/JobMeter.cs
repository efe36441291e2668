using Darkroom.Engine.Jobs;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Darkroom.Engine.Queue;

/// <summary>Counts every end that this process brings about.</summary>
internal sealed class JobMeter(IJobStore store, JobTelemetry telemetry, JobRates rates) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.Finished += Count;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        store.Finished -= Count;
        return Task.CompletedTask;
    }

    private void Count(Job job)
    {
        telemetry.Ended(job);
        rates.Ended(job);
    }
}
