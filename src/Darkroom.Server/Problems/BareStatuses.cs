using Microsoft.AspNetCore.Diagnostics;

namespace Darkroom.Server.Problems;

/// <summary>Gives a body to the answers that routing makes without one.</summary>
internal static class BareStatuses
{
    public static Task WriteAsync(StatusCodeContext status) => status.HttpContext.Response.StatusCode switch
    {
        404 => ProblemResponse.WriteAsync(
            status.HttpContext, new(ProblemType.NotFound, "There is nothing at this address; /openapi/v1.json lists what there is.")),
        405 => ProblemResponse.WriteAsync(status.HttpContext, new(ProblemType.MethodNotAllowed, $"Allowed here: {status.HttpContext.Response.Headers.Allow}.")),
        _ => Task.CompletedTask,
    };
}
