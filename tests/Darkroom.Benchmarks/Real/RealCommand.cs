using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Darkroom.Benchmarks.Real;

/// <summary><c>real</c>: models of published sizes, by the server and by plain ONNX Runtime with an exporter's graphs, side by side.</summary>
internal static class RealCommand
{
    public static RootCommand Create()
    {
        var only = new Option<string?>("--only") { Description = $"Subjects, with commas: {string.Join(",", RealSubject.All.Select(one => one.Name))}." };
        var rounds = new Option<int>("--rounds") { Description = "How often every contestant takes its turn; 0: files alone.", DefaultValueFactory = _ => 5 };
        var calls = new Option<int>("--calls") { Description = "Calls of a turn, behind two that are not counted.", DefaultValueFactory = _ => 3 };
        var threads = new Option<int>("--threads") { Description = "Of every session; 0: as each chooses." };
        var apart = new Option<bool>("--apart") { Description = "One contestant in memory at a time, even where all fit." };
        var folder = new Option<string?>("--folder") { Description = "Where the files are kept, and found again; else they are removed: 7 GB, SDXL's 21 GB." };
        var output = new Option<string?>("--out") { Description = "Writes the tables there as well." };
        var command = new RootCommand("SD1.5 and SDXL with random weights, by the server and by plain ONNX Runtime.")
            { only, rounds, calls, threads, apart, folder, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string[] names = parsed.GetValue(only)?.Split(',') ?? [.. RealSubject.All.Select(one => one.Name)];
            RealSubject[] subjects = [.. names.Select(name => RealSubject.All.FirstOrDefault(one => one.Name == name)
                ?? throw new ArgumentException($"there is no subject '{name}'; there are {string.Join(", ", RealSubject.All.Select(one => one.Name))}"))];
            var options = new RealOptions(parsed.GetValue(rounds), parsed.GetValue(calls), parsed.GetValue(threads), parsed.GetValue(apart));
            string place = parsed.GetValue(folder) ?? Directory.CreateTempSubdirectory("darkroom-real-").FullName;
            try
            {
                string text = await RunAsync(subjects, options, place);
                if (parsed.GetValue(output) is { } file) await File.WriteAllTextAsync(file, text, cancellation);
            }
            finally
            {
                if (parsed.GetValue(folder) is null) Directory.Delete(place, recursive: true);
            }
            return 0;
        });
        return command;
    }

    private static async Task<string> RunAsync(IEnumerable<RealSubject> subjects, RealOptions options, string place)
    {
        var text = new StringBuilder();
        foreach (var kind in subjects.GroupBy(subject => subject.Kind))
        {
            var files = new RealFiles(place, kind.Key);
            files.Write();
            if (options.Rounds == 0) continue;
            var contestants = new List<Contestant>();
            foreach (var contestant in Contestant.All)
            {
                if (contestant.ReasonAgainst(files) is { } reason) Console.Error.WriteLine($"{contestant.Name} is left out: {reason}");
                else contestants.Add(contestant);
            }
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{files.WeightBytes >> 20} MiB of fresh memory are touched in {MachineMemory.Touch(files.WeightBytes):F1} s by one thread"));
            foreach (var subject in kind)
            {
                var run = new RealRun(subject, files, contestants, options);
                await run.RunAsync();
                string table = new RealReport(run).Text();
                Console.WriteLine(table);
                text.AppendLine(table);
            }
        }
        Console.WriteLine(RealReport.Legend);
        return text.AppendLine(RealReport.Legend).ToString();
    }
}
