using System.Globalization;
using System.Text;

namespace Darkroom.TestKit.Chaos;

/// <summary>A run in a page of text.</summary>
public static class ChaosSummary
{
    public static string Text(ChaosRun run, TimeSpan warmUp)
    {
        ArgumentNullException.ThrowIfNull(run);
        var text = new StringBuilder();
        var ends = run.Ends.Keys.Select(key => key.End).Distinct().Order(StringComparer.Ordinal).ToList();
        Line($"| task | {string.Join(" | ", ends)} |");
        Line($"|---|{string.Concat(ends.Select(_ => "---|"))}");
        foreach (string task in run.Ends.Keys.Select(key => key.Task).Distinct().Order(StringComparer.Ordinal))
            Line($"| {task} | {string.Join(" | ", ends.Select(end => run.Ends.GetValueOrDefault((task, end))))} |");
        text.AppendLine();
        Line($"{run.Requests} requests, {run.Faults.Count} faults, {run.Compared} pictures the same alone.");
        text.AppendLine();
        Line($"| minute | resident MiB | not of files | threads | descriptors |");
        Line($"|---|---|---|---|---|");
        int step = Math.Max(1, run.Readings.Count / 12);
        for (int i = 0; i < run.Readings.Count; i++)
        {
            if (i % step != 0 && i != run.Readings.Count - 1) continue;
            var one = run.Readings[i];
            Line($"| {one.At.TotalMinutes:F1} | {one.ResidentMiB:F0} | {one.AnonymousMiB:F0} | {one.Threads} | {one.Descriptors} |");
        }
        text.AppendLine();
        var warm = run.Readings.Where(one => one.At >= warmUp).ToList();
        double memory = ProcessMeter.Slope(warm, one => one.ResidentMiB), threads = ProcessMeter.Slope(warm, one => one.Threads),
            descriptors = ProcessMeter.Slope(warm, one => one.Descriptors);
        Line($"From minute {warmUp.TotalMinutes:F0} on: {memory:F2} MiB, {threads:F2} threads and {descriptors:F2} descriptors a minute.");
        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
