using System.CommandLine;
using System.Globalization;

namespace Darkroom.Benchmarks.Load;

/// <summary><c>load</c>: what servers of several configurations do under the same load, side by side.</summary>
internal static class LoadCommand
{
    public static RootCommand Create()
    {
        var configurations = new Option<string[]>("--config")
        {
            Description = "A server that takes part, name:KEY=VALUE,KEY=VALUE. Repeat it for more. The first one's capacity is what loads are shares of.",
            DefaultValueFactory = _ => ["batching", "single:Darkroom__Engine__MaxBatch=1"],
        };
        var seconds = new Option<double>("--seconds") { Description = "Length of a point.", DefaultValueFactory = _ => 60 };
        var loads = new Option<string>("--loads")
            { Description = "Open-loop points, as shares of the capacity.", DefaultValueFactory = _ => "0.3,0.7,0.95,1.5" };
        var clients = new Option<string>("--clients")
            { Description = "Closed-loop points, clients at once; the last one measures the capacity.", DefaultValueFactory = _ => "1,32" };
        var queue = new Option<int>("--queue")
            { Description = "MaxQueued of every server that does not name it: small enough to be full within a point of 1.5.", DefaultValueFactory = _ => 64 };
        var capacity = new Option<double?>("--capacity") { Description = "Pictures a second, in place of what the closed loop measures." };
        var seed = new Option<int>("--seed") { Description = "Of arrivals and mix.", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = "Writes the tables there, and the chart beside them as .svg." };
        var command = new RootCommand("Latency and goodput of real servers under load, side by side.")
            { configurations, seconds, loads, clients, queue, capacity, seed, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var run = new LoadRun
            {
                Configurations = [.. parsed.GetValue(configurations)!.Select(LoadConfiguration.Parse)],
                Seconds = parsed.GetValue(seconds),
                Loads = Numbers(parsed.GetValue(loads)!),
                Clients = [.. Numbers(parsed.GetValue(clients)!).Select(number => (int)number)],
                MaxQueued = parsed.GetValue(queue),
                Capacity = parsed.GetValue(capacity),
                Seed = parsed.GetValue(seed),
            };
            await run.RunAsync();
            var report = new LoadReport(run);
            Console.WriteLine();
            Console.WriteLine(report.Text());
            if (parsed.GetValue(output) is { } path)
            {
                string chart = Path.ChangeExtension(path, ".svg");
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                await File.WriteAllTextAsync(path, report.Text() + $"\n![Latency over load]({Path.GetFileName(chart)})\n", cancellation);
                await File.WriteAllTextAsync(chart, LoadChart.Draw(run), cancellation);
                Console.WriteLine($"{path} and {chart}");
            }
            return run.Points.Any(point => point.Faults.Count > 0 || point.ShedWithoutRetryAfter > 0) ? 1 : 0;
        });
        return command;
    }

    private static double[] Numbers(string list) =>
        [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
