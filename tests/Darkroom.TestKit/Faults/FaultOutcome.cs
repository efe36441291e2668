using System.Globalization;
using System.Text;

namespace Darkroom.TestKit.Faults;

/// <summary>How a scenario ended.</summary>
public sealed record FaultOutcome(IFaultScenario Scenario, FaultNotes Notes, TimeSpan Took)
{
    public string Verdict => Notes.Findings.Count > 0 ? $"{Notes.Findings.Count} findings" : Notes.Skipped is { } reason ? "skipped: " + reason : "held";

    /// <summary>The table of a run, and the findings below it.</summary>
    public static string Table(IReadOnlyList<FaultOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var text = new StringBuilder().AppendLine("| scenario | what was done | counts and figures | minutes | verdict |").AppendLine("|---|---|---|--:|---|");
        foreach (var one in outcomes)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {one.Scenario.Name} | {one.Scenario.Does} | {string.Join("; ", one.Notes.Figures)} | " +
                $"{one.Took.TotalMinutes:F1} | {one.Verdict} |");
        }
        foreach (var one in outcomes.Where(one => one.Notes.Findings.Count > 0))
        {
            text.AppendLine().AppendLine(one.Scenario.Name + ":");
            foreach (string finding in one.Notes.Findings.Take(40)) text.AppendLine("- " + finding.ReplaceLineEndings(" "));
        }
        return text.ToString();
    }
}
