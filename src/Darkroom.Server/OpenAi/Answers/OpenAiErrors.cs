using System.Globalization;
using System.Text.Json;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Logging;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.Problems;

namespace Darkroom.Server.OpenAi.Answers;

/// <summary>Problems in OpenAI's shape, at OpenAI's addresses: those that this server has, and those that its clients may look for here.</summary>
internal sealed class OpenAiErrors : IProblemForm
{
    /// <summary>Tells OpenAI's clients whether to send a request again, whatever its status says to them.</summary>
    public const string ShouldRetry = "x-should-retry";

    private const string Invalid = "invalid_request_error", Limited = "rate_limit_error", Server = "server_error";

    private static readonly PathString[] Addresses =
    [
        .. OpenAiTask.All.Select(static task => new PathString(task.Address)),
        "/v1/chat", "/v1/completions", "/v1/responses", "/v1/audio", "/v1/files", "/v1/moderations", "/v1/batches", "/v1/assistants", "/v1/threads",
    ];

    public bool Has(PathString path) => Addresses.Any(address => path.StartsWithSegments(address));

    /// <summary>
    /// OpenAI's clients send again what is answered 409, 429 or 5xx. So a full queue is 429, nothing is 409, and a 5xx that stays is marked.
    /// </summary>
    public static int StatusOf(ProblemType type) => type.Status switch
    {
        StatusCodes.Status422UnprocessableEntity or StatusCodes.Status409Conflict => StatusCodes.Status400BadRequest,
        StatusCodes.Status503ServiceUnavailable when type == ProblemType.QueueFull => StatusCodes.Status429TooManyRequests,
        var status => status,
    };

    public static ErrorBody BodyOf(Problem problem) => new(MessageOf(problem), KindOf(StatusOf(problem.Type)), ParamOf(problem), CodeOf(problem.Type));

    public async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        int status = StatusOf(problem.Type);
        if (problem.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        else if (status >= StatusCodes.Status500InternalServerError) response.Headers[ShouldRetry] = "false";
        if (problem.JobId is { } job) response.Headers[JobIds.Header] = job;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(BodyOf(problem)), OpenAiJson.Wire.ErrorAnswer);
        Http.JsonResponse.Begin(context, bytes.Length, status);
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static string KindOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests => Limited,
        >= StatusCodes.Status500InternalServerError => Server,
        _ => Invalid,
    };

    private static string CodeOf(ProblemType type) => type switch
    {
        _ when StatusOf(type) == StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
        _ when type == ProblemType.Unauthorized => "invalid_api_key",
        _ when type == ProblemType.InvalidRequest => "invalid_value",
        _ => type.Slug,
    };

    private static string? ParamOf(Problem problem) => problem.Errors is [{ Field.Length: > 0 } first, ..] ? first.Field
        : problem.Type == ProblemType.ModelNotFound || problem.Type == ProblemType.NoModel ? GenerationFields.Model.Name
        : null;

    /// <summary>There is room for one field and one sentence, so the sentence names every fault with what is allowed and what was given.</summary>
    private static string MessageOf(Problem problem) =>
        problem.Errors is { Count: > 0 } faults ? string.Join(' ', faults.Select(SentenceOf)) : problem.Detail;

    private static string SentenceOf(Fault fault)
    {
        string start = fault.Field.Length == 0 || Names(fault.Message, fault.Field) ? "" : fault.Field + ": ";
        string given = fault.Value is { } value ? $" Given: {value.ToJsonString(OpenAiJson.Wire.Options)}." : "";
        string allowed = fault.Limit is { } limit && !fault.Message.Contains(limit, StringComparison.Ordinal) ? $" Allowed: {limit}." : "";
        return start + fault.Message + given + allowed;
    }

    private static bool Names(string message, string field)
    {
        int at = message.IndexOf(field, StringComparison.Ordinal), end = at + field.Length;
        return at >= 0 && (at == 0 || !IsOfName(message[at - 1])) && (end == message.Length || !IsOfName(message[end]));

        static bool IsOfName(char sign) => char.IsAsciiLetterOrDigit(sign) || sign == '_';
    }
}
