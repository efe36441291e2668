using Darkroom.Engine.Devices;
using Darkroom.Server.Generation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Microsoft.AspNetCore.Mvc;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/devices</c>: the devices of this process, and those of workers as far as their cards tell.</summary>
internal static class Devices
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/devices", ListAsync).WithTags("Operation").WithName("listDevices")
        .WithSummary("Devices that make pictures.")
        .WithDescription("What they do, what their memory has, and which models are in it. Of other processes' devices only what is configured is known, "
            + "and which models were opened there.")
        .Answers<DeviceList>();

    private static async Task ListAsync(HttpContext context, [FromServices] IEnumerable<IDeviceBoard> boards)
    {
        var reports = new List<DeviceReport>();
        foreach (var board in boards) reports.AddRange(await board.LookAsync(context.RequestAborted));
        await JsonResponse.WriteAsync(context, new DeviceList([.. reports.Select(Of)]), WireJson.Wire.DeviceList);
    }

    private static DeviceAnswer Of(DeviceReport report) => new()
    {
        Worker = report.Worker,
        Index = report.Index,
        Kind = report.Kind,
        Id = report.Id,
        Name = report.Name,
        State = WireNames.Of(report.State),
        Threads = report.Threads,
        MaxBatch = report.MaxBatch,
        TellsEnergy = report.TellsEnergy,
        Memory = new(report.WeightBytes, report.WeightLimitBytes, report.Memory is { } memory
            ? new(memory.LimitBytes, memory.WeightBytes, memory.CallBytes, memory.CallLimitBytes) : null),
        Models =
        [
            .. report.Models.Select(model => new ResidentModelAnswer(
                model.Id, model.Bytes, model.IsInUse, model.IdleSeconds is { } idle ? Math.Round(idle, 3) : null, model.Parts)),
        ],
        Calls = [.. report.Calls.Select(call => new RunningCallAnswer(call.Model, call.Stage, call.Rows, Seconds(call.Seconds), Seconds(call.Estimate)))],
        BatchLimits =
        [
            .. report.BatchLimits.Select(limit => new BatchLimitAnswer(limit.Model, limit.Stage, limit.Width, limit.Height, limit.Evaluations)),
        ],
    };

    private static double Seconds(double value) => Math.Round(value, 3);
}
