using System.CommandLine;
using Darkroom.TestKit.Faults;

namespace Darkroom.Benchmarks.Faults;

/// <summary><c>faults</c>: the fault lab, one scenario after the other.</summary>
internal static class FaultCommand
{
    public static RootCommand Create()
    {
        string all = string.Join(", ", FaultLab.All.Select(one => one.Name));
        var only = new Option<string?>("--only") { Description = $"These alone, with commas between: {all}." };
        var whole = new Option<bool>("--long") { Description = "The long form; else that of the tests." };
        var times = new Option<int?>("--times") { Description = "Repetitions, in place of a scenario's own." };
        var output = new Option<string?>("--out") { Description = "Writes the table there." };
        var command = new RootCommand("Harms real servers in one way after another, and says what held.") { only, whole, times, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string[]? names = parsed.GetValue(only)?.Split(',');
            var scale = new FaultScale(parsed.GetValue(whole), parsed.GetValue(times));
            var outcomes = new List<FaultOutcome>();
            foreach (var scenario in FaultLab.All.Where(one => names?.Contains(one.Name) ?? true))
            {
                if (cancellation.IsCancellationRequested) break;
                var outcome = await FaultLab.RunAsync(scenario, scale);
                outcomes.Add(outcome);
                Console.WriteLine($"{scenario.Name}: {outcome.Verdict} after {outcome.Took.TotalMinutes:F1} minutes");
                foreach (string figure in outcome.Notes.Figures) Console.WriteLine("  " + figure);
                foreach (string finding in outcome.Notes.Findings.Take(10)) Console.WriteLine("  " + (finding.Length > 800 ? finding[..800] + "…" : finding));
                if (parsed.GetValue(output) is { } path) await File.WriteAllTextAsync(path, FaultOutcome.Table(outcomes), cancellation);
            }
            return outcomes.Exists(one => one.Notes.Findings.Count > 0) ? 1 : 0;
        });
        return command;
    }
}
