using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Darkroom.Benchmarks.Load;

/// <summary>The tables of a run, in Markdown.</summary>
internal sealed class LoadReport(LoadRun run)
{
    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}; points of " +
            $"{run.Seconds:0} s, the first sixth not counted; seed {run.Seed}.");
        text.AppendLine();
        foreach (var configuration in run.Configurations)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {configuration}");
            text.AppendLine(run.CapacityOf(configuration) is { } capacity ? string.Create(CultureInfo.InvariantCulture, $"; capacity {capacity:F2} pictures/s")
                : "");
        }
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Loads are shares of {run.UsedCapacity:F2}/s. MaxQueued {run.MaxQueued} where a configuration names none.");
        text.AppendLine();
        Main(text);
        text.AppendLine();
        Classes(text);
        text.AppendLine();
        Mix(text);
        return text.ToString();
    }

    private void Main(StringBuilder text)
    {
        text.AppendLine("| load | server | offered /s | goodput /s | of its capacity | 503/429 | without Retry-After | errors | mean s | p50 s | " +
            "p95 s | p99 s | queued ms | mean batch | cores: server | generator | others | sent late p99 ms |");
        text.AppendLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var point in Ordered())
        {
            var (_, mean, p50, p95, p99) = point.Latency;
            double? share = run.CapacityOf(point.Configuration) is { } capacity and > 0 ? point.Goodput / capacity : null;
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {point.Label} | {point.Configuration.Name} | {point.Offered:F2} | {point.Goodput:F2} | {share:F2} | {point.Shed} | " +
                $"{point.ShedWithoutRetryAfter} | {point.Faults.Count} | {mean:F3} | {p50:F3} | {p95:F3} | {p99:F3} | {point.QueuedMs:F0} | " +
                $"{point.MeanBatch:F2} | {point.Cores.Server:F2} | {point.Cores.Own:F3} | {point.Cores.Others:F2} | {point.SentLate.P99 * 1000:F1} |");
        }
    }

    /// <summary>By task and by length: successes, p50 / p95 / p99 in seconds.</summary>
    private void Classes(StringBuilder text)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"Latency of successes by class, number: p50 / p95 / p99 in seconds.");
        text.AppendLine();
        string[] tasks = [.. LoadKind.All.Select(kind => kind.Task).Distinct()];
        text.AppendLine(CultureInfo.InvariantCulture, $"| load | server | short | long | {string.Join(" | ", tasks)} |");
        text.AppendLine($"|---|---|{string.Concat(Enumerable.Repeat("--:|", tasks.Length + 2))}");
        foreach (var point in Ordered())
        {
            string[] cells = [Cell(point, kind => !kind.IsLong), Cell(point, kind => kind.IsLong),
                .. tasks.Select(task => Cell(point, kind => kind.Task == task))];
            text.AppendLine(CultureInfo.InvariantCulture, $"| {point.Label} | {point.Configuration.Name} | {string.Join(" | ", cells)} |");
        }
    }

    private static string Cell(LoadPoint point, Func<LoadKind, bool> belongs)
    {
        var (count, _, p50, p95, p99) = Spread.Of(point.Successes.Where(sample => belongs(sample.Kind)).Select(sample => sample.Latency));
        return count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{count}: {p50:F2} / {p95:F2} / {p99:F2}");
    }

    private static void Mix(StringBuilder text)
    {
        text.AppendLine("The mix, of 50 requests (long ones marked *):");
        text.AppendLine();
        foreach (var kind in LoadKind.All) text.AppendLine(CultureInfo.InvariantCulture, $"- {kind.Share}: {kind.Name}{(kind.IsLong ? " *" : "")}");
    }

    /// <summary>Point by point, and within a point as the configurations were given, whichever was first.</summary>
    private IEnumerable<LoadPoint> Ordered() =>
        run.Points.GroupBy(point => point.Label).SelectMany(same => same.OrderBy(point => run.Configurations.ToList().IndexOf(point.Configuration)));
}
