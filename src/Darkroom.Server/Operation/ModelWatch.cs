using Darkroom.Models.ControlNets;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Operation;

/// <summary>
/// Looks through the models folder every two seconds: a model that is added is served, and one that is taken away is gone, without a restart. It looks
/// rather than waits for the system's notices, which network file systems and the volumes of containers do not send.
/// </summary>
internal sealed class ModelWatch(
    ModelPool pool, UpscalerCatalog upscalers, ControlNetCatalog controlNets, TimeProvider time, ILogger<ModelWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private bool failed; // at the last look

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends, or did not start.
        }
    }

    private void Look()
    {
        try
        {
            bool changed = pool.LookAgain();
            changed |= upscalers.LookAgain();
            changed |= controlNets.LookAgain();
            if (changed) ServerEvents.ModelsChanged(logger, pool.All.Count, upscalers.All.Count);
            failed = false;
        }
        catch (ObjectDisposedException)
        {
            // The pool goes before this ends.
        }
        catch (Exception error)
        {
            if (!failed) ServerEvents.ModelsUnread(logger, ExceptionShape.Of(error));
            failed = true;
        }
    }
}
