using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>
/// Drives the loop while the host runs. On stop no new job is claimed, rows in flight finish, and whatever is left when the host's patience
/// ends is failed at a step boundary.
/// </summary>
internal sealed class EngineService(
    EngineLoop loop, Flight flight, Landing landing, CostKeeper costs, IJobStore store, AsyncSignal signal, EngineLifetime lifetime, TimeProvider time, ILogger<EngineService> log)
    : IHostedService, IAsyncDisposable
{
    private static readonly JobFailure Stopped = new(JobFailureKind.ShuttingDown, "The server stopped before the job was done.");
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource halt = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        costs.Restore();
        running = Task.Run(() => RunAsync(halt.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lifetime.Stop();
        EngineLog.Draining(log, flight.Jobs.Count);
        signal.Set();
        await using var patience = cancellationToken.Register(halt.Cancel);
        await running;
        await costs.SaveAsync();
    }

    /// <summary>Ends the loop where nobody stopped the service: a host that could not start in the end stops none of what it had started.</summary>
    public async ValueTask DisposeAsync()
    {
        lifetime.Stop();
        await halt.CancelAsync();
        await running;
        halt.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        await using var halted = cancellation.UnsafeRegister(static woken => ((AsyncSignal)woken!).Set(), signal);
        await using var now = time.CreateTimer(static woken => ((AsyncSignal)woken!).Set(), signal, IdleWait, IdleWait);
        while (!cancellation.IsCancellationRequested && !IsDrained)
        {
            try
            {
                bool more = await loop.TickAsync(claim: !lifetime.IsStopping, cancellation);
                costs.SaveNowAndThen();
                if (more || IsDrained) continue;
                // Whoever signals runs the loop. A device's thread that is kept by it has calls of its own to run: the pool takes the next turn over.
                if (signal.IsSet) await Task.Yield();
                await signal;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // A bug or a dead device: the jobs in flight cannot be trusted any more, later ones may.
                EngineLog.LoopFailed(log, e);
                await landing.FailAllAsync(new JobFailure(JobFailureKind.Internal, "The engine failed while this job ran."), CancellationToken.None);
            }
        }
        await Task.Yield(); // whoever waits for the end may close the devices, which no thread of theirs can wait for
        await landing.FailAllAsync(Stopped, CancellationToken.None);
        await FailWaitingAsync();
    }

    private bool IsDrained => lifetime.IsStopping && flight.Jobs.Count == 0;

    private async Task FailWaitingAsync()
    {
        // A store in memory ends with the process: whoever waits is told so.
        while (await store.WaitingAsync(64, CancellationToken.None) is { Count: > 0 } waiting)
            foreach (var job in waiting)
                await store.CommitAsync(job.Id, null, new JobCommand.Fail(Stopped), time.GetUtcNow(), CancellationToken.None);
    }
}
