using Darkroom.Server.Generation;
using System.Diagnostics;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Workers;
using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Operation;

/// <summary>Puts together what <c>GET /v1/stats</c> tells. It asks the store at most once a second, and never waits for the engine.</summary>
/// <param name="node">What this process is.</param>
/// <param name="queue">What waits.</param>
/// <param name="store">Of jobs.</param>
/// <param name="time">Says how long.</param>
/// <param name="rates">What was finished.</param>
/// <param name="engine">Null: this process has none.</param>
/// <param name="workers">Null: this process is no <c>api</c> node.</param>
internal sealed class StatsReader(
    NodeIdentity node, QueueReadings queue, IJobStore store, TimeProvider time, JobRates rates, EngineReadings? engine = null,
    WorkerDirectory? workers = null)
{
    private const int MaxRunning = 500; // of a shared queue; more are told as so many

    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task<StatsAnswer> ReadAsync(CancellationToken cancellation)
    {
        var reading = engine?.Now;
        return new()
        {
            Version = Health.Version.Current.Version,
            Role = node.Role,
            Uptime = Math.Round(Uptime.TotalSeconds, 1),
            Queue = await QueueAsync(reading, cancellation),
            Devices = reading is null ? null : [.. reading.Devices.Select(Device)],
            Memory =
            [
                .. (reading?.Memory ?? []).Select(part => new MemoryStats(part.Part, part.Bytes, part.LimitBytes)),
                new("process", Environment.WorkingSet, node.MemoryBytes),
            ],
            Batches = reading is null ? null : new(reading.Calls, Rounded(reading.MeanRows)),
            Rates = reading is null ? null : Rates(rates.Now),
            Workers = workers is null ? null : [.. workers.Cards.Select(Worker)],
        };
    }

    private TimeSpan Uptime
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            var up = time.GetUtcNow() - process.StartTime.ToUniversalTime();
            return up > TimeSpan.Zero ? up : TimeSpan.Zero;
        }
    }

    private async Task<QueueStats> QueueAsync(EngineReading? reading, CancellationToken cancellation)
    {
        var waiting = await queue.ReadAsync(cancellation);
        int running = reading is not null && !node.SharesQueue
            ? reading.Jobs : (await store.ListAsync(new JobQuery(JobState.Running, MaxRunning), cancellation)).Jobs.Count;
        double? oldest = waiting.OldestAt is { } at ? Math.Max(0, Math.Round((time.GetUtcNow() - at).TotalSeconds, 1)) : null;
        return new(waiting.Jobs.Values.Sum(), running, Math.Round(waiting.MegapixelSteps, 3), oldest, store.IsPaused);
    }

    private static DeviceStats Device(DeviceReading device) => new(
        device.Index, device.Name, WireNames.Of(device.State), Math.Round(device.BusyShare, 3), device.UsedBytes, device.BudgetBytes,
        [.. device.Parts.Select(part => new LoadedStats(part.FullName, part.Bytes, StateOf(part)))],
        [.. device.Calls.Select(call => new CallStats(call.Kind, call.Model, call.Rows, Math.Round(call.Since.TotalSeconds, 3)))]);

    private static string StateOf(ResidentPart part) => part.IsOpening ? "opening" : part.IsHeld ? "held" : "idle";

    private static RateStats Rates(RateReading now) => new(Math.Round(now.Jobs, 3), Math.Round(now.Pictures, 3), Math.Round(now.MegapixelSteps, 4));

    private static WorkerStats Worker(WorkerCard card) => new(
        card.Id, [.. card.Devices.Select(device => device.Name)],
        [.. card.Models.Where(model => model.Status.State == ModelState.Ready).Select(model => model.Description.Id)],
        [.. card.Models.Select(model => model.Description.Id)], card.ProcessBytes);

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 2) : null;
}

/// <summary>What a process is.</summary>
/// <param name="Role">Of the server's work: <c>all</c>, <c>api</c> or <c>worker</c>.</param>
/// <param name="SharesQueue">Whether other processes may run jobs of the same queue.</param>
/// <param name="MemoryBytes">What the process may have.</param>
internal sealed record NodeIdentity(string Role, bool SharesQueue, long MemoryBytes);
