using System.Text.Json.Nodes;
using Darkroom.Engine.Devices;
using Darkroom.Server.Automatic1111.Answers;
using Microsoft.AspNetCore.Mvc;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary><c>GET /sdapi/v1/memory</c>: bytes of this process, and of its first GPU as far as weights go.</summary>
internal static class MemoryReport
{
    public static async Task AnswerAsync(HttpContext context, [FromServices] IEnumerable<IDeviceBoard> boards)
    {
        var reports = new List<DeviceReport>();
        foreach (var board in boards) reports.AddRange(await board.LookAsync(context.RequestAborted));
        var gpu = reports.Find(report => report is { Kind: "cuda", Worker: null });
        await JsonAnswer.WriteAsync(context, new JsonObject { ["ram"] = Ram(), ["cuda"] = Cuda(gpu) });
    }

    private static JsonObject Ram()
    {
        var (used, total) = (Environment.WorkingSet, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        return Space(used, total);
    }

    private static JsonObject Cuda(DeviceReport? gpu)
    {
        if (gpu is not { WeightBytes: { } used }) return new() { ["error"] = "This process has no CUDA device whose memory it knows." };
        return new()
        {
            ["system"] = Space(used, gpu.WeightLimitBytes ?? used),
            ["active"] = Level(used), ["allocated"] = Level(used), ["reserved"] = Level(used), ["inactive"] = Level(0),
            ["events"] = new JsonObject { ["retries"] = 0, ["oom"] = gpu.BatchLimits.Count },
        };
    }

    private static JsonObject Space(long used, long total) => new() { ["free"] = Math.Max(0, total - used), ["used"] = used, ["total"] = total };

    // The most there ever was is not counted.
    private static JsonObject Level(long now) => new() { ["current"] = now, ["peak"] = now };
}
