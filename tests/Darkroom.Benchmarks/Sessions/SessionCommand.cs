using System.CommandLine;

namespace Darkroom.Benchmarks.Sessions;

/// <summary><c>sessions</c>: what each option of ONNX Runtime does to time, memory and idle processors.</summary>
internal static class SessionCommand
{
    public static RootCommand Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often every variant takes its turn.", DefaultValueFactory = _ => 15 };
        var each = new Option<int>("--each") { Description = "Milliseconds of calls for each figure of a round.", DefaultValueFactory = _ => 100 };
        var graph = new Option<string?>("--graph") { Description = "Another U-Net to measure in place of those at hand." };
        var side = new Option<int>("--side") { Description = "Height and width of its latents.", DefaultValueFactory = _ => 64 };
        var tokens = new Option<int>("--tokens") { Description = "Length of its texts.", DefaultValueFactory = _ => 77 };
        var sets = new Option<string[]>("--set") { Description = "Which comparisons: threads, graph.", DefaultValueFactory = _ => ["threads", "graph"] };
        var only = new Option<string>("--only") { Description = "Graphs whose name begins so.", DefaultValueFactory = _ => "" };
        var output = new Option<string?>("--out") { Description = "Writes the tables there as well." };
        var command = new RootCommand("ONNX Runtime's options compared with the server's own, variants taking turns.")
            { rounds, each, graph, side, tokens, sets, only, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<SessionSubject> subjects = parsed.GetValue(graph) is { } path
                ? [new SessionSubject(Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)))!, path, parsed.GetValue(side), parsed.GetValue(tokens),
                    [1, 2, 4])]
                : SessionSubject.All;
            var text = new List<string>();
            foreach (var subject in subjects.Where(subject => subject.Name.StartsWith(parsed.GetValue(only)!, StringComparison.OrdinalIgnoreCase)))
            {
                foreach (var set in SessionVariants.Sets.Where(set => parsed.GetValue(sets)!.Contains(set.Name)))
                {
                    var run = new SessionRun(subject, set, parsed.GetValue(rounds), TimeSpan.FromMilliseconds(parsed.GetValue(each)));
                    await run.RunAsync();
                    text.Add(new SessionReport(run).Text());
                    Console.WriteLine(text[^1]);
                }
            }
            if (parsed.GetValue(output) is { } file) await File.WriteAllTextAsync(file, string.Join('\n', text), cancellation);
            return 0;
        });
        return command;
    }
}
