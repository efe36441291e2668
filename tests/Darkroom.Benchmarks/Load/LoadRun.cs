using System.Diagnostics;
using System.Globalization;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Load;

/// <summary>
/// All points of all configurations. Each configuration has a server process of its own; the servers take turns at every point, the first one first at
/// every other point, so that a noisy machine is noisy for all of them. While one works the others are idle.
/// </summary>
internal sealed class LoadRun
{
    private readonly List<LoadPoint> points = [];

    public required IReadOnlyList<LoadConfiguration> Configurations { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<double> Loads { get; init; }

    public required IReadOnlyList<int> Clients { get; init; }

    public required int MaxQueued { get; init; }

    public required int Seed { get; init; }

    /// <summary>Answers a second of the first configuration that loads are shares of; measured unless given.</summary>
    public double? Capacity { get; init; }

    /// <summary>What was used for it.</summary>
    public double UsedCapacity { get; private set; }

    public IReadOnlyList<LoadPoint> Points => points;

    /// <summary>Goodput of a configuration with as many clients as saturate it; null where that was not measured.</summary>
    public double? CapacityOf(LoadConfiguration configuration) =>
        points.LastOrDefault(point => point.Load is null && point.Configuration == configuration)?.Goodput;

    public async Task RunAsync()
    {
        var servers = new List<(LoadConfiguration Configuration, StartedServer Server, LoadClient Client)>();
        try
        {
            foreach (var configuration in Configurations)
            {
                // One log line for each request would be read by this very process.
                var server = await StartedServer.StartAsync(environment: configuration.Environment(
                    ("Darkroom__Engine__MaxQueued", MaxQueued.ToString(CultureInfo.InvariantCulture)),
                    ("Serilog__MinimumLevel__Override__Darkroom.Server.Logging.RequestLog", "Warning")));
                servers.Add((configuration, server, new LoadClient(server.Client.BaseAddress!)));
            }
            foreach (var (_, _, client) in servers) await WarmAsync(client);

            int turn = 0;
            foreach (int clients in Clients)
                await TakeTurnsAsync(turn++, null, $"{clients} client{(clients == 1 ? "" : "s")}",
                    (client, sentAll) => LoadLoops.ClosedAsync(client, new LoadMix(Seed), clients, Seconds, sentAll));
            UsedCapacity = Capacity ?? CapacityOf(Configurations[0]) ?? throw new InvalidOperationException("Without --clients the capacity must be given.");
            Console.WriteLine($"capacity: {UsedCapacity:F2}/s");
            foreach (double load in Loads)
                await TakeTurnsAsync(turn++, load, $"{load:0.##}",
                    (client, sentAll) => LoadLoops.OpenAsync(client, new LoadMix(Seed + turn), load * UsedCapacity, Seconds, Seed + turn, sentAll));
        }
        finally
        {
            foreach (var (_, server, client) in servers)
            {
                client.Dispose();
                await server.DisposeAsync();
            }
        }

        async Task TakeTurnsAsync(int turn, double? load, string label, Func<LoadClient, Action, Task<LoadSample[]>> ask)
        {
            foreach (var (configuration, server, client) in turn % 2 == 0 ? servers : Enumerable.Reverse(servers))
            {
                ProcessorTime start = ProcessorTime.Now(server.Id), end = start;
                var samples = await ask(client, () => end = ProcessorTime.Now(server.Id));
                var point = new LoadPoint(configuration, label, load, samples, Seconds, end.Since(start));
                points.Add(point);
                Console.WriteLine(
                    $"{configuration.Name}, {label}: offered {point.Offered:F2}/s, goodput {point.Goodput:F2}/s, shed {point.Shed}, faults " +
                    $"{point.Faults.Count}, p50 {point.Latency.P50:F3} s, p99 {point.Latency.P99:F3} s");
                foreach (string fault in point.Faults.Distinct().Take(3)) Console.WriteLine($"  {fault}");
            }
        }
    }

    /// <summary>A whole deck, eight at once: graphs, shapes and compiled code are there when the clock starts.</summary>
    private static async Task WarmAsync(LoadClient client)
    {
        var warm = new LoadMix(seed: 0);
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(0, LoadMix.DeckLength, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            var (kind, body) = warm.Next();
            var sample = await client.SendAsync(kind, body, 0, clock);
            if (!sample.Succeeded) throw new InvalidOperationException($"{kind.Name}: {sample.Status} {sample.Fault}");
        });
    }
}
