namespace Darkroom.Benchmarks.Cluster;

/// <summary>Two callers, of whom one sent fifty times as many jobs, and first: what of the workers' time each got while both had work.</summary>
internal static class ShareRun
{
    private const int Few = 200, Times = 50, Workers = 10;

    /// <returns>The share of the one who sent few, and how long his jobs took altogether.</returns>
    public static async Task<(double Share, double Seconds)> MeasureAsync(ClusterRun run)
    {
        await run.ResetAsync(0);
        await ScriptedJobs.QueueAsync(run.Connection, 0, Few * Times, "many");
        await ScriptedJobs.QueueAsync(run.Connection, Few * Times, Few, "few");
        await Task.Delay(1200);
        var tally = new ClusterTally();
        tally.Begin();
        using var stop = new CancellationTokenSource();
        var began = System.Diagnostics.Stopwatch.StartNew();
        var tasks = await run.StartWorkersAsync(Workers, TimeSpan.FromMilliseconds(20), tally, stop.Token);
        while (tally.EndsOf.GetValueOrDefault("few") < Few * 0.9 && began.Elapsed < TimeSpan.FromSeconds(60)) await Task.Delay(20);
        double seconds = began.Elapsed.TotalSeconds;
        var ends = tally.EndsOf;
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
        double few = ends.GetValueOrDefault("few");
        return (few / (few + ends.GetValueOrDefault("many")), seconds);
    }
}
