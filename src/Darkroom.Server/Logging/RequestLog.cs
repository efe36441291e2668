using System.Diagnostics;

namespace Darkroom.Server.Logging;

/// <summary>One line per request: route, status, time, ids. The route is the pattern, never the address as sent.</summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        await next(context);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var method = KnownMethod(context.Request.Method);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        var job = JobIds.Of(context);
        if (context.RequestAborted.IsCancellationRequested) ServerEvents.CallerLeft(logger, method, route, elapsed, context.TraceIdentifier, job);
        else if (route is "/livez" or "/readyz" or "/metrics")
            ServerEvents.ProbeAnswered(logger, method, route, context.Response.StatusCode, elapsed, context.TraceIdentifier);
        else ServerEvents.Answered(logger, method, route, context.Response.StatusCode, elapsed, context.TraceIdentifier, job);
    }

    // A method is free text of the caller's.
    private static string KnownMethod(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "PATCH" or "OPTIONS" ? method : "(other)";
}
