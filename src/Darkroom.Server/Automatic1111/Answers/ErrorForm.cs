using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Automatic1111.Answers;

/// <summary>
/// Problems as AUTOMATIC1111's API tells them: <c>{error, detail, body, errors}</c>; a request with wrong values as FastAPI does, 422 with
/// <c>{detail: [{loc, msg, type}]}</c> and every fault. A key that is missing is asked for by Basic, which its clients send.
/// </summary>
internal sealed class ErrorForm : IProblemForm
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly PathString[] Roots = ["/sdapi", "/internal"];

    public bool Has(PathString path) => Array.Exists(Roots, root => path.StartsWithSegments(root));

    public async Task WriteAsync(HttpContext context, Problem problem)
    {
        var headers = context.Response.Headers;
        if (problem.Type == ProblemType.Unauthorized && !headers.WWWAuthenticate.ToString().Contains("Basic", StringComparison.Ordinal))
            headers.Append("WWW-Authenticate", "Basic realm=\"darkroom\", charset=\"UTF-8\"");
        if (problem.RetryAfter is { } seconds) headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.JobId is { } job) headers[JobIds.Header] = job;
        var bytes = BodyOf(problem, HasOwnNames(context.Request.Path) ? static field => field : WireNames.Of);
        JsonResponse.Begin(context, bytes.Length, problem.Type.Status);
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    // They take no fields of the native API, whose names mean others there.
    private static bool HasOwnNames(PathString path) =>
        path.StartsWithSegments("/sdapi/v1/png-info") || path.Value?.StartsWith("/sdapi/v1/extra-", StringComparison.OrdinalIgnoreCase) == true;

    private static byte[] BodyOf(Problem problem, Func<string, string> nameOf)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            if (problem is { Type.Status: StatusCodes.Status422UnprocessableEntity, Errors.Count: > 0 }) WriteFaults(json, problem, nameOf);
            else WriteError(json, problem, nameOf);
            json.WriteEndObject();
        }
        return text.ToArray();
    }

    private static void WriteFaults(Utf8JsonWriter json, Problem problem, Func<string, string> nameOf)
    {
        json.WriteStartArray("detail");
        foreach (var fault in problem.Errors!)
        {
            json.WriteStartObject();
            json.WriteStartArray("loc");
            json.WriteStringValue("body");
            if (fault.Field.Length > 0) json.WriteStringValue(nameOf(fault.Field));
            json.WriteEndArray();
            json.WriteString("msg", Sentence(Named(fault, nameOf), fault.Limit));
            json.WriteString("type", fault.NotBuiltYet ? ProblemType.NotYetSupported.Slug : "value_error");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter json, Problem problem, Func<string, string> nameOf)
    {
        json.WriteString("error", problem.Type.Slug);
        json.WriteString("detail", problem.Errors is [var only] ? $"{nameOf(only.Field)}: {Named(only, nameOf)}" : problem.Detail);
        json.WriteString("body", "");
        json.WriteString("errors", string.Join("\n", problem.Errors?.Select(fault => $"{nameOf(fault.Field)}: {Named(fault, nameOf)}") ?? []));
    }

    /// <summary>The message, which begins with the field's name most of the time, under the name that was sent.</summary>
    private static string Named(Fault fault, Func<string, string> nameOf) =>
        fault.Field.Length > 0 && fault.Message.StartsWith(fault.Field + " ", StringComparison.Ordinal)
            ? nameOf(fault.Field) + fault.Message[fault.Field.Length..] : fault.Message;

    private static string Sentence(string message, string? limit) => limit is null ? message : $"{message} Allowed: {limit}.";
}
