using Darkroom.Engine.Artifacts;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Operation;

/// <summary><c>GET /v1/stats</c>: what the server is at. <c>GET</c> and <c>PUT /v1/log-level</c>: what it logs.</summary>
internal static class OperationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/stats", StatsAsync).WithTags("Operation").WithName("getStats")
            .WithSummary("What the server is at.").WithDescription("Queue, devices, memory, and what was done in the last minute.").Answers<StatsAnswer>();
        routes.MapGet("/v1/log-level", LevelAsync).WithTags("Operation").WithName("getLogLevel")
            .WithSummary("The lowest level that is logged.").WithDescription("Of Darkroom's own lines; those of its libraries have settings of their own.")
            .Answers<LogLevelAnswer>();
        routes.MapPut("/v1/log-level", ChangeLevelAsync).WithTags("Operation").WithName("setLogLevel")
            .WithSummary("Changes the lowest level that is logged.").WithDescription("Until the process ends. The log tells who did.")
            .WithMetadata(new TakesFields("LogLevelRequest", LogLevelRequest.All)).Answers<LogLevelAnswer>();
    }

    private static async Task StatsAsync(HttpContext context, StatsReader stats) =>
        await JsonResponse.WriteAsync(context, await stats.ReadAsync(context.RequestAborted), WireJson.Wire.StatsAnswer);

    private static Task LevelAsync(HttpContext context, LogSwitch log) =>
        JsonResponse.WriteAsync(context, new(log.Level), WireJson.Wire.LogLevelAnswer);

    private static async Task ChangeLevelAsync(HttpContext context, LogSwitch log, LogAudit audit, InputMemory memory)
    {
        var (level, problem) = await LogLevelRequest.ReadAsync(context, memory);
        if (level is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        audit.Changed(log.Level, level, Security.Access.Caller.Of(context).Id, context.TraceIdentifier);
        log.Level = level;
        await JsonResponse.WriteAsync(context, new(log.Level), WireJson.Wire.LogLevelAnswer);
    }
}
