using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Microsoft.Extensions.Hosting;

namespace Darkroom.Engine.Execution;

/// <summary>Starts loading the default model with the server, so that the first request does not wait for it.</summary>
public sealed class ModelPreload(IModelDirectory models, ModelPool pool) : IHostedService
{
    /// <summary>Starts the load, where nobody did; a host that has much to do before it starts its services calls it earlier.</summary>
    public void Begin()
    {
        // Not awaited: the server listens while the model loads, and a failed load is the model's state, not the server's.
        if (models.Default is { Fault: null } model) _ = pool.GetAsync(model.Id);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
