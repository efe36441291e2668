using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>The problems of an operation by their statuses: its own, and those that any address may answer.</summary>
internal static class OperationProblems
{
    private static readonly ProblemType[] Everywhere = [ProblemType.CrossSite, ProblemType.HostNotServed, ProblemType.Internal],
        Gate = [ProblemType.Unauthorized, ProblemType.ForbiddenScope, ProblemType.TooManyAttempts, ProblemType.StoreUnavailable],
        Body =
        [
            ProblemType.BadRequest, ProblemType.InvalidJson, ProblemType.InvalidMultipart, ProblemType.TooLarge, ProblemType.UnsupportedMediaType,
            ProblemType.InvalidRequest, ProblemType.InputsFull, ProblemType.NotEnoughMemory,
        ];

    public static void Add(OpenApiOperation operation, IList<object> said, OperationFilterContext context)
    {
        var hasGate = said.OfType<AddressAccess>().LastOrDefault()?.Scope is not null;
        var problems = said.OfType<FailsWith>().SelectMany(static fails => fails.Problems)
            .Concat(said.OfType<TakesFields>().Any() ? Body : []).Concat(hasGate ? Gate : []).Concat(Everywhere).Distinct().ToList();
        var own = said.OfType<ProblemsAs>().LastOrDefault();
        foreach (var group in problems.GroupBy(problem => own?.StatusOf(problem) ?? problem.Status).OrderBy(static group => group.Key))
        {
            var key = OperationDetails.Key(group.Key);
            var ofStatus = group.OrderBy(static type => type.Slug, StringComparer.Ordinal).ToList();
            var answers = operation.Responses!;
            if (answers.TryGetValue(key, out var found) && found is OpenApiResponse already) AddContent(already, ofStatus, own, context);
            else answers[key] = own is null ? Shared(key, ofStatus, context) : Answer(ofStatus, own, context);
        }
    }

    // One that many operations have stands once, under the name of its only problem.
    private static IOpenApiResponse Shared(string key, List<ProblemType> problems, OperationFilterContext context)
    {
        var answer = Answer(problems, null, context);
        if (problems.Count > 1 && key is not "403") return answer;
        var name = key is "403" ? problems.Count > 1 ? "Forbidden" : "CrossSite" : NameOf(problems[0]);
        var components = context.Document.Components ??= new();
        (components.Responses ??= new Dictionary<string, IOpenApiResponse>()).TryAdd(name, answer);
        return new OpenApiResponseReference(name, context.Document);
    }

    private static string NameOf(ProblemType type) => string.Concat(type.Slug.Split('_').Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static OpenApiResponse Answer(List<ProblemType> problems, ProblemsAs? own, OperationFilterContext context)
    {
        var answer = new OpenApiResponse
            { Description = string.Join(" · ", problems.Select(type => own is null ? $"{type.Title} (`{type.Address}`)" : type.Title)) };
        AddContent(answer, problems, own, context);
        return answer;
    }

    private static void AddContent(OpenApiResponse answer, List<ProblemType> problems, ProblemsAs? own, OperationFilterContext context)
    {
        answer.Content ??= new Dictionary<string, IOpenApiMediaType>();
        answer.Content[own is null ? ProblemResponse.MediaType : "application/json"] = new OpenApiMediaType
        {
            Schema = context.SchemaGenerator.GenerateSchema(own?.Type ?? typeof(ProblemDocument), context.SchemaRepository),
            Examples = own is not null ? null
                : problems.ToDictionary(static type => type.Slug, type => (IOpenApiExample)new OpenApiExampleReference(type.Slug, context.Document)),
        };
        foreach (var header in WireHeaders.Of(problems)) WireHeaders.Add(answer, header);
        if (own is not null && problems.Any(static type => type is { Status: >= 500, RetryAfter: null })) WireHeaders.Add(answer, "x-should-retry");
        WireHeaders.Add(answer, Logging.RequestIds.Header);
    }
}
