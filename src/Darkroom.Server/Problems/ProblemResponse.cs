using System.Globalization;
using System.Text.Json;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Problems;

/// <summary>Writes a problem as the answer.</summary>
internal static class ProblemResponse
{
    public const string MediaType = "application/problem+json";

    /// <summary>In the form of the surface whose address it is.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem) =>
        context.RequestServices.GetServices<IProblemForm>().FirstOrDefault(form => form.Has(context.Request.Path)) is { } own
            ? own.WriteAsync(context, problem) : WriteDocumentAsync(context, problem);

    private static async Task WriteDocumentAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Type.Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (problem.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.JobId is { } job) response.Headers[JobIds.Header] = job;

        var document = DocumentOf(context, problem, context.Request.Path.Value ?? "");
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, ProblemJson.Wire.ProblemDocument);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <param name="context">The request that is answered.</param>
    /// <param name="problem">What happened.</param>
    /// <param name="instance">Path of what it happened to.</param>
    public static ProblemDocument DocumentOf(HttpContext context, Problem problem, string instance) => new(
        problem.Type.Address, problem.Type.Title, problem.Type.Status, problem.Detail, instance, context.TraceIdentifier, problem.JobId, problem.Errors);
}
