using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Darkroom.Server.Commands.Top;

/// <summary>One picture of a server, as wide as the terminal and no higher.</summary>
internal static class TopFrame
{
    /// <param name="server">Where it was asked.</param>
    /// <param name="reading">What it told.</param>
    /// <param name="width">Letters of a line.</param>
    /// <param name="height">Lines that there are.</param>
    public static IRenderable Of(Uri server, TopReading reading, int width, int height)
    {
        if (reading.Stats is not { } stats)
            return new Rows(new Text($"darkroom  {server}", TopStyle.Title), new Text(""), new Text(reading.Fault ?? "", TopStyle.Wrong));
        List<IRenderable> rows = [new Text(Title(server, stats), TopStyle.Title), new Text(Queue(stats)), new Text(Rates(stats)), new Text("")];
        if (stats.Devices.Count > 0) rows.Add(Devices(stats.Devices, width));
        if (stats.Workers.Count > 0) rows.Add(Workers(stats.Workers, width));
        var memory = stats.Memory.Where(part => part.Bytes > 0 || part.Part is "weights" or "process").ToList();
        rows.Add(Memory(memory, width));
        int used = 7 + (stats.Devices.Count > 0 ? stats.Devices.Count + 2 : 0) + (stats.Workers.Count > 0 ? stats.Workers.Count + 2 : 0) + memory.Count + 2;
        rows.Add(Jobs(reading, width, Math.Max(3, height - used)));
        return new Rows(rows);
    }

    private static string Title(Uri server, TopStats stats) => $"darkroom {stats.Version}  {server}  {stats.Role}, up {TopText.Time(stats.Uptime)}";

    private static string Queue(TopStats stats)
    {
        var queue = stats.Queue;
        var oldest = queue.Oldest is { } seconds ? $", the oldest for {TopText.Time(seconds)}" : "";
        return Invariant($"queue     {queue.Waiting} waiting ({queue.MegapixelSteps:0.##} megapixel-steps{oldest}), {queue.Running} running")
            + (queue.Paused ? ", PAUSED" : "");
    }

    private static string Rates(TopStats stats)
    {
        if (stats.Rates is not { } rates) return "";
        var mean = stats.Batches is { MeanRows: { } rows } ? Invariant($", {rows:0.0} rows a call") : "";
        return Invariant($"a minute  {60 * rates.Jobs:0} jobs, {60 * rates.Pictures:0} pictures, {60 * rates.MegapixelSteps:0.##} megapixel-steps{mean}");
    }

    private static Table Devices(IReadOnlyList<TopDevice> devices, int width)
    {
        const int NowMost = 40, LoadedLeast = 24;
        int bar = TopStyle.BarWidth(width), rest = width - bar - 52; // what name, state, share and weights leave
        bool hasLoaded = rest > NowMost / 2 + LoadedLeast;
        int now = hasLoaded ? Math.Min(NowMost, rest - LoadedLeast) : Math.Max(6, Math.Min(NowMost, rest));
        var table = TopStyle.Table(["DEVICE", "STATE", "BUSY", "WEIGHTS", "NOW", .. hasLoaded ? ["LOADED"] : Array.Empty<string>()]);
        foreach (var device in devices)
        {
            var loaded = TopText.Cut(string.Join(", ", device.Loaded.Reverse().Select(part => part.Part)), rest - now - 4);
            table.AddRow(
            [
                new Text(device.Name), new Text(device.State, device.State == "given_up" ? TopStyle.Wrong : Style.Plain), TopStyle.Bar(device.Busy, bar),
                new Text(TopText.Of(device.UsedBytes, device.BudgetBytes)), new Text(TopText.Cut(Calls(device.Calls), now)),
                .. hasLoaded ? [new Text(loaded)] : Array.Empty<IRenderable>(),
            ]);
        }
        return table;
    }

    private static string Calls(IReadOnlyList<TopCall> calls) => calls.Count == 0 ? "-"
        : string.Join(", ", calls.Select(call => Invariant($"{call.Stage} × {call.Rows} of {call.Model}, {call.Seconds:0.0} s")));

    private static Table Workers(IReadOnlyList<TopWorker> workers, int width)
    {
        var table = TopStyle.Table("WORKER", "DEVICES", "MEMORY", "OPEN", "MODELS");
        foreach (var worker in workers)
            table.AddRow(
                new Text(TopText.Short(worker.Id)), new Text(TopText.Cut(string.Join(", ", worker.Devices), 20)), new Text(TopText.Bytes(worker.MemoryBytes)),
                new Text(TopText.Cut(string.Join(", ", worker.Ready), width - 56)), new Text(worker.Models.Count.ToString(CultureInfo.InvariantCulture)));
        return table;
    }

    private static Table Memory(IReadOnlyList<TopMemory> memory, int width)
    {
        var table = TopStyle.Table("MEMORY", "", "USED");
        foreach (var part in memory)
            table.AddRow(
                new Text(part.Part), part.LimitBytes is > 0 and var limit ? TopStyle.Bar(part.Bytes / (double)limit, TopStyle.BarWidth(width)) : new Text(""),
                new Text(TopText.Of(part.Bytes, part.LimitBytes)));
        return table;
    }

    private static IRenderable Jobs(TopReading reading, int width, int lines)
    {
        if (reading.Running.Count + reading.Waiting.Count == 0) return new Text("No jobs that this key may see are running or waiting.");
        var table = TopStyle.Table("JOB", "TASK", "MODEL", "PROGRESS", "STEPS", "LEFT");
        foreach (var job in reading.Running.Take(lines))
            Add(job, TopStyle.Bar(job.Progress.Share, TopStyle.BarWidth(width)), $"{job.Progress.Step}/{job.Progress.Steps}");
        foreach (var job in reading.Waiting.Take(lines - reading.Running.Count))
            Add(job, new Text("waits", TopStyle.Quiet), job.Progress.Position is { } position ? $"after {position}" : "-");
        return table;

        void Add(TopJob job, IRenderable progress, string steps) => table.AddRow(
            new Text(TopText.Short(job.Id)), new Text(job.Task), new Text(TopText.Cut(job.Model, 24)), progress, new Text(steps),
            new Text(job.Progress.Eta is { } eta ? TopText.Time(eta) : "-"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
