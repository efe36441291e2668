using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Darkroom.Benchmarks.Load;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Costs;

/// <summary><c>costs</c>: milliseconds of a call by stage, size, rows and threads, as a file that a simulator reads.</summary>
internal static class CostCommand
{
    private const int CallsEachTurn = 3;

    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static RootCommand Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often every call takes its turn.", DefaultValueFactory = _ => 15 };
        var output = new Option<string>("--out")
        {
            Description = "The file.",
            DefaultValueFactory = _ =>
                Path.Combine(Repository.Root, "tests", "Darkroom.Benchmarks", "Data",
                string.Create(CultureInfo.InvariantCulture, $"starter-{Environment.ProcessorCount}cores.json")),
        };
        var command = new RootCommand("What a call of each of the starter's networks takes on this machine.") { rounds, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetValue(output)!;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await File.WriteAllTextAsync(path, Text(Measure(parsed.GetValue(rounds))), cancellation);
            Console.WriteLine(path);
            return 0;
        });
        return command;
    }

    private static CostTable Measure(int rounds)
    {
        int[] threads = [.. new[] { 1, 2 }.Where(count => count <= Environment.ProcessorCount)];
        StageCalls[] models = [.. threads.Select(count => new StageCalls(count))];
        try
        {
            var all = models.Zip(threads).SelectMany(model => model.First.All().Select(call => (call, Threads: model.Second, Times: new List<double>())))
                .ToArray();
            var start = ProcessorTime.Now();
            for (int round = 0; round <= rounds; round++)
                foreach (var (call, _, times) in all)
                {
                    call.Call(); // its buffers may have gone meanwhile
                    for (int i = 0; i < CallsEachTurn; i++)
                    {
                        long started = Stopwatch.GetTimestamp();
                        call.Call();
                        if (round > 0) times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds); // the first round is for compilers
                    }
                }
            double others = ProcessorTime.Now().Since(start).Others;
            string machine = string.Create(CultureInfo.InvariantCulture,
                $"{Environment.ProcessorCount} cores, {RuntimeInformation.RuntimeIdentifier}; least of {rounds * CallsEachTurn} calls; others used " +
                $"{others:F2} cores meanwhile");
            return new CostTable(machine,
                [.. all.Select(one => new CostEntry(one.call.Stage, one.call.Width, one.call.Height, one.call.Evaluations, one.Threads, Least(one.Times)))]);
        }
        finally
        {
            foreach (var model in models) model.Dispose();
        }
    }

    // Not the median: a call that was disturbed says what the disturbance costs.
    private static double Least(List<double> times) => Math.Round(times.Min(), 3);

    /// <summary>One entry a line, so that a new measurement can be compared by eye.</summary>
    private static string Text(CostTable table)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{{\n  \"machine\": {JsonSerializer.Serialize(table.Machine)},\n  \"entries\": [");
        text.AppendJoin(",\n", table.Entries.Select(entry => "    " + JsonSerializer.Serialize(entry, Wire))).AppendLine();
        return text.AppendLine("  ]\n}").ToString();
    }
}
