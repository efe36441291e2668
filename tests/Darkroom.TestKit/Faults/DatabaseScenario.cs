using System.Net;

namespace Darkroom.TestKit.Faults;

/// <summary>A database that is away under load. <c>ClusterTests</c> and the storage's <c>AwayTests</c> do it for a moment.</summary>
public sealed class DatabaseScenario : IFaultScenario
{
    private const int Callers = 4, Steps = 6;

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(5);

    public string Name => "database";

    public string Does => "PostgreSQL stopped for 60 s (short: 5 s) under load, and back";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(notes);
        int seconds = scale.Count(5, 60);
        var jobs = new AcceptedJobs(Steps);
        using var cluster = new Cluster();
        await using var api = await cluster.StartAsync("api");
        await using var worker = await cluster.StartAsync("worker");
        await Cluster.SeesModelsAsync(api);
        using var stop = new CancellationTokenSource();
        var callers = jobs.CallAsync(api.Client, Callers, stop.Token);
        await Until.HoldsAsync("each caller has a job", () => Task.FromResult(jobs.Count >= Callers));
        await Task.Delay(Load);
        cluster.Database.Stop();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        cluster.Database.Start();
        long back = System.Diagnostics.Stopwatch.GetTimestamp();
        int then = jobs.Count;
        await Until.HoldsAsync("jobs are accepted again", () => Task.FromResult(jobs.Count > then));
        notes.Figure($"away for {seconds} s; a job accepted again after {System.Diagnostics.Stopwatch.GetElapsedTime(back).TotalSeconds:F1} s");
        await Task.Delay(Load);
        await stop.CancelAsync();
        await callers;
        notes.Check(jobs.Refusals.Keys.All(status => status == HttpStatusCode.ServiceUnavailable), "A refusal was none of 503.");
        await jobs.CheckAsync(api.Client, notes, samples: 10);
    }
}
