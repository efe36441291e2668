using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>
/// Looks at the stores beyond this process at the start and from time to time, and tells the log when one goes or comes back. It holds up no start.
/// Without it a server that gets no requests because it is not ready would not learn that it is.
/// </summary>
internal sealed class StoreWatch(IEnumerable<IStoreHealth> stores, TimeProvider time, ILogger<StoreWatch> log) : BackgroundService
{
    /// <summary>How long a store may be away or back unnoticed where nothing else is asked of it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> away = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IStoreHealth[] all = [.. stores];
        if (all.Length == 0) return;
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(all.Select(store => store.CheckAsync(stoppingToken).AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                foreach (var store in all) Tell(store);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Tell(IStoreHealth store)
    {
        if (store.Trouble is { } trouble)
        {
            if (away.Add(store.Name)) EngineLog.StoreAway(log, store.Name, trouble);
        }
        else if (away.Remove(store.Name)) EngineLog.StoreBack(log, store.Name);
    }
}
