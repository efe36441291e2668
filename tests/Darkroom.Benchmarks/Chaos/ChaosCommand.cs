using System.CommandLine;
using Darkroom.Benchmarks.Load;
using Darkroom.TestKit;
using Darkroom.TestKit.Chaos;

namespace Darkroom.Benchmarks.Chaos;

/// <summary><c>chaos</c>: mixed and broken traffic for as long as one likes.</summary>
internal static class ChaosCommand
{
    public static RootCommand Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 60 };
        var round = new Option<double>("--round") { Description = "Seconds of traffic between two checks.", DefaultValueFactory = _ => 25 };
        var warm = new Option<double>("--warm") { Description = "Minutes that the slopes leave out.", DefaultValueFactory = _ => 10 };
        var seed = new Option<int>("--seed") { Description = "Of the traffic.", DefaultValueFactory = _ => 1 };
        var settings = new Option<string?>("--settings") { Description = "More settings of the server, KEY=VALUE,KEY=VALUE." };
        var output = new Option<string?>("--out") { Description = "Writes the summary there, and the chart beside it as .svg." };
        var command = new RootCommand("Five tasks of four models, with cancels, hang-ups, deadlines, previews and evictions, beside damaged models.")
            { minutes, round, warm, seed, settings, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var models = new ChaosModels();
            var own = LoadConfiguration.Parse("chaos:" + parsed.GetValue(settings)).Environment(ChaosModels.Settings);
            await using var server = await StartedServer.StartAsync(models.ModelsPath, null, own);
            var run = new ChaosRun(server, parsed.GetValue(seed));
            var end = TimeSpan.FromMinutes(parsed.GetValue(minutes));
            int said = 0;
            do
            {
                await run.RoundAsync(TimeSpan.FromSeconds(parsed.GetValue(round)));
                var now = run.Readings[^1];
                Console.WriteLine($"{now.At.TotalMinutes,6:F1} min: {run.Requests} requests, {run.Faults.Count} faults, {run.Compared} pictures compared, " +
                    $"resident {now.ResidentMiB:F0} MiB ({now.AnonymousMiB:F0} of no file), {now.Threads} threads, {now.Descriptors} descriptors");
                for (; said < run.Faults.Count; said++) Console.WriteLine("  " + run.Faults[said]);
            }
            while (run.Readings[^1].At < end && !server.HasExited && !cancellation.IsCancellationRequested);
            string text = ChaosSummary.Text(run, TimeSpan.FromMinutes(parsed.GetValue(warm)));
            Console.WriteLine();
            Console.WriteLine(text);
            if (parsed.GetValue(output) is { } path)
            {
                await File.WriteAllTextAsync(path, text, cancellation);
                await File.WriteAllTextAsync(Path.ChangeExtension(path, ".svg"), ChaosChart.Draw(run.Readings), cancellation);
            }
            return run.Faults.Count > 0 ? 1 : 0;
        });
        return command;
    }
}
