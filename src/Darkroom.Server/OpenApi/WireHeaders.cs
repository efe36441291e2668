using Darkroom.Server.Logging;
using Darkroom.Server.Problems;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Headers of answers, each once in the document.</summary>
internal sealed class WireHeaders : IDocumentFilter
{
    private const int MaxLine = 8192;

    private static readonly Dictionary<string, OpenApiHeader> All = new()
    {
        [RequestIds.Header] = Header("The request's id, as problems and the server's log have it; a caller may send one of its own.",
            new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 64, Pattern = "^[A-Za-z0-9._-]{1,64}$" }),
        [JobIds.Header] = Header("The job that the answer is about.", Id()),
        ["Location"] = Header("Path of what the answer is about: the job of a generation, the model that is loaded."),
        ["Content-Location"] = Header("Path of the picture that the answer is, as long as it is held."),
        ["X-Seed"] = Header("The seed of the picture that the answer is.", Whole("int64", "9007199254740991")),
        ["Preference-Applied"] = Header("What of Prefer was heeded (RFC 7240); absent where nothing was."),
        ["Idempotent-Replayed"] = Header("true: the job is one that an earlier request with this Idempotency-Key made; absent otherwise.",
            new OpenApiSchema { Type = JsonSchemaType.String, Const = "true" }),
        ["Retry-After"] = Header("Seconds after which the same request may succeed.", Whole("int32", "2147483647", "1")),
        ["WWW-Authenticate"] = Header("How a key is sent, and what the one that was sent lacks (RFC 6750, RFC 7617)."),
        ["ETag"] = Header("The SHA-256 of the picture's file, in quotes: what If-None-Match and If-Range take.", max: 66),
        ["Cache-Control"] = Header("How long the answer may be kept, and by whom."),
        ["Content-Disposition"] = Header("inline, with a name for the file."),
        ["Content-Range"] = Header("Which bytes of how many the answer has, or of how many none could be given (RFC 9110)."),
        ["Accept-Ranges"] = Header("bytes: a part of the picture can be asked for.", new OpenApiSchema { Type = JsonSchemaType.String, Const = "bytes" }),
        ["x-should-retry"] = Header("false: the same request will not succeed; OpenAI's clients heed it. Absent where it may.",
            new OpenApiSchema { Type = JsonSchemaType.String, Const = "false" }),
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var headers = (swaggerDoc.Components ??= new()).Headers = new Dictionary<string, IOpenApiHeader>();
        foreach (var (name, header) in All) headers[name] = header;
    }

    /// <summary>Has an answer carry a header of the table.</summary>
    public static void Add(OpenApiResponse answer, string name)
    {
        if (!All.ContainsKey(name)) throw new ArgumentException($"The document has no header {name}.", nameof(name));
        (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] = new OpenApiHeaderReference(name);
    }

    /// <summary>Those that an answer with one of these problems carries.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<ProblemType> problems)
    {
        if (problems.Any(static type => type.RetryAfter is not null)) yield return "Retry-After";
        if (problems.Contains(ProblemType.Unauthorized) || problems.Contains(ProblemType.ForbiddenScope)) yield return "WWW-Authenticate";
        if (!problems.Contains(ProblemType.RangeNotSatisfiable)) yield break;
        foreach (var name in (string[])["Content-Range", "Accept-Ranges", "ETag", "Cache-Control"]) yield return name;
    }

    private static OpenApiHeader Header(string about, IOpenApiSchema? schema = null, int max = MaxLine) =>
        new() { Description = about, Schema = schema ?? new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = max } };

    private static OpenApiSchema Id() => new() { Type = JsonSchemaType.String, MaxLength = 32, Pattern = "^[0-9a-f]{32}$" };

    private static OpenApiSchema Whole(string format, string max, string min = "0") =>
        new() { Type = JsonSchemaType.Integer, Format = format, Minimum = min, Maximum = max };
}
