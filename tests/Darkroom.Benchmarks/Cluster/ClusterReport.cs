using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Darkroom.Benchmarks.Load;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>The tables of a run, in Markdown.</summary>
internal sealed class ClusterReport
{
    public required string Server { get; init; }

    public required int Jobs { get; init; }

    public List<(int Waiting, int Clients, double PerSecond, Spread Ms)> Admissions { get; } = [];

    public List<ClusterPoint> Points { get; } = [];

    /// <summary>Of the caller who sent few, while both had work; and when nine tenths of his were made.</summary>
    public (double Share, double Seconds)? Share { get; set; }

    public (double Seconds, IReadOnlyList<DatabaseState> States)? ByWorkers { get; set; }

    public IReadOnlyList<DatabaseState>? ByStatements { get; set; }

    public static string Line(ClusterPoint point) => string.Create(CultureInfo.InvariantCulture,
        $"{point.Workers} workers, steps of {point.Step.TotalMilliseconds} ms: {point.ClaimsPerSecond:F0} claims/s, {point.EndsPerSecond:F0} ends/s, lost " +
        $"{100 * point.Lost:F1} %, refused {point.Tally.Refused}, claim {point.Tally.ClaimMs.P50:F2}/{point.Tally.ClaimMs.P99:F2} ms, end " +
        $"{point.Tally.EndMs.P50:F2}/{point.Tally.EndMs.P99:F2} ms, look {point.Tally.LookMs.P50:F2}/{point.Tally.LookMs.P99:F2} ms × " +
        $"{point.Tally.LookMs.Count / point.Seconds:F0}/s, high {point.HighMs.P50:F1}/{point.HighMs.P99:F1} ms, told {point.ToldMs.P50:F1}/" +
        $"{point.ToldMs.P99:F1} ms, cores {point.DatabaseCores:F2} database {point.Cores:F2} own, {point.CommandsPerJob:F1} commands, " +
        $"{point.TransactionsPerJob:F1} transactions, {point.LogBytesPerJob / 1000:F1} kB of log a job, dead {point.After.Rows.Dead}, vacuums " +
        $"{point.After.Rows.Vacuums - point.Before.Rows.Vacuums}");

    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores for the database and all workers, {RuntimeInformation.RuntimeIdentifier}; {Server}. {Jobs:N0} jobs wait.");
        text.AppendLine();
        if (Admissions.Count > 0) text.AppendLine("| waiting | clients | admissions/s | p50 ms | p99 ms |");
        if (Admissions.Count > 0) text.AppendLine("|--:|--:|--:|--:|--:|");
        foreach (var (waiting, clients, rate, took) in Admissions)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {waiting:N0} | {clients} | {rate:F0} | {took.P50:F2} | {took.P99:F2} |");
        text.AppendLine();
        foreach (var step in Points.Select(point => point.Step).Distinct())
        {
            Times(text, [.. Points.Where(point => point.Step == step)]);
            text.AppendLine();
            Costs(text, [.. Points.Where(point => point.Step == step)]);
            text.AppendLine();
        }
        if (Share is var (share, seconds))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"Two callers, one with fifty times as many jobs that came first: the other had {100 * share:F0} % of the ends, and his " +
                $"were made in {seconds:F1} s.");
            text.AppendLine();
        }
        if (ByWorkers is { } through)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"By workers in {through.Seconds:F0} s:");
            Sizes(text, through.States);
        }
        if (ByStatements is { } states)
        {
            text.AppendLine("By statements, ten rounds:");
            Sizes(text, states);
        }
        return text.ToString();
    }

    private static void Times(StringBuilder text, ClusterPoint[] points)
    {
        text.AppendLine(points[0].Step > TimeSpan.Zero
            ? $"Four jobs at once on each worker, {ScriptedJobs.Steps} steps of {points[0].Step.TotalMilliseconds} ms (p50 / p99 in ms):"
            : "Steps that take no time: the store alone (p50 / p99 in ms):");
        text.AppendLine();
        text.AppendLine("| workers | claims/s | ends/s | lost to others | claim | end | look at the queue | high priority: added to claimed | end to answer |");
        text.AppendLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var point in points)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {point.Workers} | {point.ClaimsPerSecond:F0} | {point.EndsPerSecond:F0} | {100 * point.Lost:F1} % | {Of(point.Tally.ClaimMs)} | " +
                $"{Of(point.Tally.EndMs)} | {Of(point.Tally.LookMs)} | {Of(point.HighMs)} | {Of(point.ToldMs)} |");
    }

    private static void Costs(StringBuilder text, ClusterPoint[] points)
    {
        text.AppendLine("| workers | cores: database | this process | looks/s | commands a job | transactions a job | log kB a job | dead rows | vacuums |");
        text.AppendLine("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var point in points)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {point.Workers} | {point.DatabaseCores:F2} | {point.Cores:F2} | {point.Tally.LookMs.Count / point.Seconds:F0} | " +
                $"{point.CommandsPerJob:F1} | {point.TransactionsPerJob:F1} | {point.LogBytesPerJob / 1000:F1} | {point.After.Rows.Dead:N0} | " +
                $"{point.After.Rows.Vacuums - point.Before.Rows.Vacuums} |");
    }

    private static void Sizes(StringBuilder text, IReadOnlyList<DatabaseState> states)
    {
        text.AppendLine();
        text.AppendLine("| | rows MB | texts MB | indexes MB | of them of the queue | dead rows | vacuums so far |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var (name, reading, queue) in states)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {name} | {reading.Size.Rows / 1e6:F0} | {reading.Size.Texts / 1e6:F0} | {reading.Size.Indexes / 1e6:F0} | {queue / 1e6:F1} | " +
                $"{reading.Rows.Dead:N0} | {reading.Rows.Vacuums} |");
        text.AppendLine();
    }

    private static string Of(Spread spread) => spread.Count == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{spread.P50:F1} / {spread.P99:F1}");
}
