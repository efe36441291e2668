using Microsoft.Extensions.Hosting;

namespace Darkroom.Engine.Queue;

/// <summary>
/// Something that is done from time to time while the host runs, a first time soon after the start: what became due while no server ran does not wait for a
/// whole interval. A turn that fails is told of, and the next one comes all the same.
/// </summary>
internal abstract class PeriodicWork(TimeSpan interval, TimeProvider time) : BackgroundService
{
    /// <summary>The first turn comes by then.</summary>
    private static readonly TimeSpan MaxFirst = TimeSpan.FromMinutes(1);

    protected abstract Task TurnAsync(CancellationToken cancellation);

    protected abstract void Failed(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval < MaxFirst ? interval : MaxFirst, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                timer.Period = interval;
                try
                {
                    await TurnAsync(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Failed(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that could not start ends what it had started without stopping it.
        }
    }
}
