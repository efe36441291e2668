using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>
/// Drives the loop while the host runs. On stop no new job is claimed, rows in flight finish, and what is left when the host's patience ends is given
/// back to the store at a step boundary; so it is when it is told to halt (<see cref="EngineLifetime.Halt"/>).
/// </summary>
internal sealed class EngineService(
    EngineLoop loop, ResultApplier results, ClaimKeeper claims, CostKeeper costs, AsyncSignal signal, EngineLifetime lifetime, TimeProvider time,
    ILogger<EngineService> log)
    : IHostedService, IAsyncDisposable
{
    private static readonly JobFailure LoopFailed = new(JobFailureKind.Internal, "The engine failed while this job ran.");
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource halt = new();
    private Task running = Task.CompletedTask;
    private int failures; // turns that failed in a row

    public Task StartAsync(CancellationToken cancellationToken)
    {
        costs.Restore();
        claims.Listen();
        running = Task.Run(() => RunAsync(halt.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lifetime.Stop();
        EngineLog.Draining(log, claims.Count);
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
        await using var stopping = lifetime.Stopping.UnsafeRegister(static woken => ((AsyncSignal)woken!).Set(), signal);
        await using var halting = lifetime.Halting.UnsafeRegister(static halt => ((CancellationTokenSource)halt!).Cancel(), halt);
        await using var now = time.CreateTimer(static woken => ((AsyncSignal)woken!).Set(), signal, IdleWait, IdleWait);
        while (!cancellation.IsCancellationRequested && !IsDrained)
        {
            try
            {
                bool more = await TurnAsync(cancellation);
                if (more || IsDrained) continue;
                // The loop runs on the thread that wakes it. A device's thread has calls of its own to run: the pool takes the next turn over.
                if (signal.IsSet) await Task.Yield();
                await signal;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                EngineLog.LoopFailed(log, e);
                // What fails twice in a row, a store that cannot be reached above all, is given time.
                if (++failures > 1) await Task.Delay(IdleWait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await Task.Yield(); // what waits for the end may close the devices, which no thread of theirs can wait for
        await claims.LeaveAsync();
        loop.AbandonCalls();
        lifetime.End();
    }

    /// <returns>Whether another turn may find something to do.</returns>
    private async ValueTask<bool> TurnAsync(CancellationToken cancellation)
    {
        // A row that fails takes its own job along and nobody else's. What comes as far as this is a store or a loop that cannot be trusted: the
        // jobs in flight are given up, at the first turn that can tell the store so; later ones may do better.
        if (failures > 0) await results.FailAllAsync(LoopFailed, cancellation);
        await claims.RecoverIfDueAsync(cancellation);
        bool more = await loop.TickAsync(claim: !lifetime.IsStopping, cancellation);
        costs.SaveIfDue();
        failures = 0;
        return more;
    }

    private bool IsDrained => lifetime.IsStopping && claims.Count == 0;
}
