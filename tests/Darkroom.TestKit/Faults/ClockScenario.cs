namespace Darkroom.TestKit.Faults;

/// <summary>Promise 16: a clock that jumps expires nothing and keeps nothing waiting.</summary>
public sealed class ClockScenario : IFaultScenario
{
    private const double Deadline = 3600; // seconds: longer than this takes, shorter than a jump

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), Seen = TimeSpan.FromSeconds(2.5);

    public string Name => "clock";

    public string Does => "the wall clock of a server set to 3 days ahead and to 1 day behind while jobs with deadlines run and wait; " +
        "the same of a worker of a cluster whose clock was a day wrong from its start";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(notes);
        using var clock = FakedClock.TryCreate();
        if (clock is null)
        {
            notes.Skip("libfaketime is not installed");
            return;
        }
        int times = scale.Count(1, 5);
        for (int i = 0; i < times; i++)
        {
            clock.Set("+0");
            await using (var alone = await StartedServer.StartAsync(environment: clock.Environment)) await JumpsAsync(alone, alone, clock, notes);
            await OneNodeIsWrongAsync(clock, notes);
        }
        notes.Figure($"{times} times with SQLite, and with a worker on PostgreSQL; +3 days and -1 day each time");
    }

    private static async Task OneNodeIsWrongAsync(FakedClock clock, FaultNotes notes)
    {
        using var cluster = new Cluster();
        await using var api = await cluster.StartAsync("api");
        clock.Set("+1d");
        await using var worker = await cluster.StartAsync("worker", clock.Environment);
        await Cluster.SeesModelsAsync(api);
        await JumpsAsync(api, worker, clock, notes);
    }

    /// <param name="asked">Takes the requests.</param>
    /// <param name="moved">Has the clock.</param>
    private static async Task JumpsAsync(StartedServer asked, StartedServer moved, FakedClock clock, FaultNotes notes)
    {
        var ids = new List<string>();
        foreach (var (offset, length) in ((string, TimeSpan)[])[("+3d", TimeSpan.FromDays(3)), ("-1d", TimeSpan.FromDays(-1))])
        {
            string running = await asked.Client.BeginAsync(Orders.Small(ids.Count, steps: 100, count: 2, Deadline));
            ids.Add(running);
            await asked.Client.RunsAsync(running);
            for (int i = 0; i < 6; i++) ids.Add(await asked.Client.BeginAsync(Orders.Small(ids.Count, steps: 4, deadline: Deadline)));
            string late = await asked.Client.BeginAsync(Orders.Small(ids.Count, steps: 150, count: 4, deadline: 0.5));
            clock.Set(offset);
            await Task.Delay(Seen);
            var off = await FakedClock.OffsetOfAsync(moved);
            notes.Check((off - length).Duration() < TimeSpan.FromMinutes(1), $"The clock was to be off by {length}, and is by {off}.");
            var expired = await asked.Client.EndAsync(late, Patience);
            notes.Check(Orders.StatusOf(expired) == "expired", $"The job with a deadline of half a second ended as {expired}.");
        }
        int succeeded = 0;
        foreach (string id in ids)
        {
            var job = await asked.Client.EndAsync(id, Patience);
            if (Orders.StatusOf(job) == "succeeded") succeeded++;
            else notes.Find($"A job with a deadline of {Deadline} s ended as {job}.");
        }
        notes.Figure($"{succeeded} of {ids.Count} jobs with a deadline of {Deadline} s succeeded");
    }
}
