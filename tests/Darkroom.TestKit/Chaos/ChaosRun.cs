using System.Diagnostics;

namespace Darkroom.TestKit.Chaos;

/// <summary>
/// Rounds of traffic against one server. After each, when its last caller has gone: no job may wait or run any more, sampled pictures are asked for again
/// alone, and what the process has of the machine is read.
/// </summary>
public sealed class ChaosRun(StartedServer server, int seed)
{
    private const int Callers = 16, Samples = 12;

    private static readonly TimeSpan JobsEnd = TimeSpan.FromSeconds(30);

    private readonly Traffic traffic = new(seed);
    private readonly PictureSampler sampler = new(Samples, seed);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly Dictionary<(string Task, string End), int> ends = [];
    private readonly List<string> faults = [];
    private readonly List<ProcessReading> readings = [];

    /// <summary>Requests by task and end.</summary>
    public IReadOnlyDictionary<(string Task, string End), int> Ends => ends;

    /// <summary>Whatever was not as it must be.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>One after each round.</summary>
    public IReadOnlyList<ProcessReading> Readings => readings;

    /// <summary>Pictures that were asked for again alone.</summary>
    public int Compared => sampler.Compared;

    public int Requests => ends.Values.Sum();

    public async Task RoundAsync(TimeSpan length)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
            { BaseAddress = server.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };
        var caller = new ChaosCaller(client);
        var end = clock.Elapsed + length;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (clock.Elapsed < end && !server.HasExited) Note(await OneAsync(caller));
        }));
        await JobsEndAsync(caller);
        faults.AddRange(await sampler.RepeatAloneAsync(caller));
        readings.Add(ProcessMeter.Read(server.Id, clock.Elapsed));
    }

    private async Task<(ChaosOrder Order, ChaosEnd End)> OneAsync(ChaosCaller caller)
    {
        var order = traffic.Next();
        var end = await caller.SendAsync(order);
        sampler.Offer(order, end);
        // One who was refused comes back later.
        if (end.End == Expectation.QueueFull) await Task.Delay(order.Patience);
        return (order, end);
    }

    private void Note((ChaosOrder Order, ChaosEnd End) one)
    {
        var (order, end) = one;
        lock (gate)
        {
            ends[(order.Task, end.End)] = ends.GetValueOrDefault((order.Task, end.End)) + 1;
            if (!order.Expected.Allows(end.End)) faults.Add($"{order}: {end.End} where {order.Expected} was expected. {end.Detail}");
        }
    }

    private async Task JobsEndAsync(ChaosCaller caller)
    {
        var last = clock.Elapsed + JobsEnd;
        int left;
        while ((left = await caller.UnfinishedAsync()) > 0)
        {
            if (clock.Elapsed > last)
            {
                faults.Add($"{left} jobs have no end {JobsEnd.TotalSeconds} s after the last caller left.");
                return;
            }
            await Task.Delay(50);
        }
    }
}
