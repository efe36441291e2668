using System.Reflection;
using System.Text.Json.Nodes;
using Darkroom.Server.Problems;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Every type of problem: the list of their addresses, an example of each, and the answers that several operations share.</summary>
internal sealed class ProblemSchemas : IDocumentFilter
{
    /// <summary>Name of the list of addresses.</summary>
    public const string List = "ProblemType";

    private const string ExampleId = "7d6c1a0b5e9f4c3fa1b2c3d4e5f60718";

    public static IReadOnlyList<ProblemType> All { get; } =
    [
        .. typeof(ProblemType).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => field.GetValue(null)).OfType<ProblemType>()
            .OrderBy(static type => type.Status).ThenBy(static type => type.Slug, StringComparer.Ordinal),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var components = swaggerDoc.Components ??= new();
        var used = Used(swaggerDoc);
        components.Schemas![List] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "What went wrong, by a path that stays the same. Later versions may have more of them: "
                + "one that is not known here is what its status says. "
                + string.Join(" · ", used.Select(static type => $"`{type.Address}` ({type.Status}): {type.Title}")),
            Enum = [.. used.Select(static type => (JsonNode)type.Address)],
        };
        components.Examples ??= new Dictionary<string, IOpenApiExample>();
        foreach (var type in used) components.Examples[type.Slug] = ExampleOf(type);
    }

    /// <summary>Those that an operation names; the others are of surfaces that the document does not have.</summary>
    private static List<ProblemType> Used(OpenApiDocument document)
    {
        var slugs = document.Paths.Values.SelectMany(static path => path.Operations!.Values).SelectMany(static operation => operation.Responses!.Values)
            .Concat(document.Components!.Responses?.Values ?? []).OfType<OpenApiResponse>()
            .SelectMany(static answer => answer.Content?.Where(static one => one.Key == ProblemResponse.MediaType) ?? [])
            .SelectMany(static one => one.Value.Examples!.Keys).ToHashSet();
        return [.. All.Where(type => slugs.Contains(type.Slug))];
    }

    private static OpenApiExample ExampleOf(ProblemType type)
    {
        var value = new JsonObject
        {
            ["type"] = type.Address, ["title"] = type.Title, ["status"] = type.Status, ["detail"] = DetailOf(type), ["instance"] = "/v1/txt2img",
            ["request_id"] = ExampleId,
        };
        if (type == ProblemType.InvalidRequest)
            value["errors"] = new JsonArray(new JsonObject
                { ["field"] = "steps", ["message"] = "steps must be 1…150.", ["value"] = 0, ["limit"] = "1…150" });
        return new OpenApiExample { Summary = type.Title, Value = value };
    }

    private static string DetailOf(ProblemType type) => type == ProblemType.InvalidRequest ? "steps must be 1…150." : type.Title + ".";
}
