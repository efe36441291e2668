using System.CommandLine;
using System.Globalization;

namespace Darkroom.Benchmarks.Cluster;

/// <summary><c>cluster</c>: a queue that several processes share, with more and more workers on it.</summary>
internal static class ClusterCommand
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static RootCommand Create()
    {
        var workers = new Option<string>("--workers")
            { Description = "Workers of the points; empty: only what the tables hold is measured.", DefaultValueFactory = _ => "1,2,5,10,20,50" };
        var jobs = new Option<int>("--jobs") { Description = "Jobs that wait when a point begins.", DefaultValueFactory = _ => 100_000 };
        var seconds = new Option<double>("--seconds") { Description = "Length of a point.", DefaultValueFactory = _ => 10 };
        var through = new Option<int>("--through") { Description = "Jobs that workers make to the last one, for the size of the tables; 0: none." };
        var million = new Option<bool>("--million") { Description = "A million jobs through the tables, by statements." };
        var output = new Option<string?>("--out") { Description = "Writes the tables there, and the chart beside it as .svg." };
        var command = new RootCommand("Workers with scripted steps on one PostgreSQL.") { workers, jobs, seconds, through, million, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var run = await ClusterRun.StartAsync(parsed.GetValue(jobs), parsed.GetValue(seconds));
            var report = new ClusterReport { Server = await run.ServerAsync(), Jobs = run.Jobs };
            int[] counts = [.. parsed.GetValue(workers)!.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
            foreach (int waiting in counts.Length == 0 ? [] : new[] { 0, run.Jobs })
                foreach (int clients in new[] { 1, 32 })
                {
                    var (rate, took) = await run.AdmitAsync(waiting, clients, run.Seconds / 2);
                    report.Admissions.Add((waiting, clients, rate, took));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"admissions with {waiting} waiting, {clients} clients: {rate:F0}/s, p50 {took.P50:F2} ms, p99 {took.P99:F2} ms"));
                }
            foreach (int count in counts)
                foreach (var step in new[] { Step, TimeSpan.Zero })
                {
                    var point = await run.MeasureAsync(count, step);
                    report.Points.Add(point);
                    Console.WriteLine(ClusterReport.Line(point));
                }
            if (counts.Length > 0) report.Share = await ShareRun.MeasureAsync(run);
            if (parsed.GetValue(through) is > 0 and var all) report.ByWorkers = await ThroughRun.ByWorkersAsync(run, all, 10);
            if (parsed.GetValue(million)) report.ByStatements = await ThroughRun.ByStatementsAsync(run, 1_000_000);
            Console.WriteLine();
            Console.WriteLine(report.Text());
            if (parsed.GetValue(output) is { } path)
            {
                string chart = Path.ChangeExtension(path, ".svg");
                await File.WriteAllTextAsync(path, report.Text() + $"\n![Workers on one queue]({Path.GetFileName(chart)})\n", cancellation);
                if (report.Points.Count == 0) return 0;
                await File.WriteAllTextAsync(chart, ClusterChart.Draw(report.Points), cancellation);
                Console.WriteLine($"{path} and {chart}");
            }
            return report.Points.Any(point => point.Tally.Refused > 0) ? 1 : 0;
        });
        return command;
    }
}
