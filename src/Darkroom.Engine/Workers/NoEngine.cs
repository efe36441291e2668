using Darkroom.Engine.Queue;
using Microsoft.Extensions.Hosting;

namespace Darkroom.Engine.Workers;

/// <summary>Stands where a process that makes pictures has its engine: it holds no job, so nobody has to wait for its end.</summary>
internal sealed class NoEngine(EngineLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.End();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lifetime.Stop();
        return Task.CompletedTask;
    }
}
