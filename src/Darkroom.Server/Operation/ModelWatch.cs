using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Operation;

/// <summary>
/// Looks through the models folder every two seconds: a model that is added is served, and one that is taken away is gone, without a restart. It looks
/// rather than waits for the system's notices, which network file systems and the volumes of containers do not send.
/// </summary>
internal sealed class ModelWatch(ModelPool pool, UpscalerCatalog upscalers, TimeProvider time, ILogger<ModelWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between, time);
        bool failed = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                bool changed = pool.LookAgain();
                changed |= upscalers.LookAgain();
                if (changed) ServerEvents.ModelsChanged(logger, pool.All.Count, upscalers.All.Count);
                failed = false;
            }
            catch (Exception error) when (error is not ObjectDisposedException)
            {
                if (!failed) ServerEvents.ModelsUnread(logger, ExceptionShape.Of(error));
                failed = true;
            }
        }
    }
}
