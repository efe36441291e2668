using Darkroom.Server.Logging;

namespace Darkroom.Server.Operation;

/// <summary>
/// Looks through the models folder every two seconds: a model that is added is served, and one that is taken away is gone, without a restart. It looks
/// rather than waits for the system's notices, which network file systems and the volumes of containers do not send.
/// </summary>
internal sealed class ModelWatch(ModelLook look, TimeProvider time, ILogger<ModelWatch> logger) : BackgroundService
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
            look.Look();
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
