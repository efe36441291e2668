using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Darkroom.Server.OpenApi;

/// <summary>
/// Examples of bodies and answers, from the files of <c>Examples/</c>: <c>OPERATION.request.NAME.json</c> and <c>OPERATION.STATUS.NAME.json</c>, each an
/// example object with a summary and a value. Tests post the former and check that the answer is one that the document promises.
/// </summary>
internal static class OperationExamples
{
    private const string Request = "request", Prefix = "Darkroom.Server.OpenApi.Examples.", Json = "application/json", Events = "text/event-stream";

    private static readonly ILookup<string, (string Part, string Name, JsonObject File)> ByOperation = Read().ToLookup(
        static one => one.Operation, static one => (one.Part, one.Name, one.File));

    public static void Add(OpenApiOperation operation)
    {
        foreach (var (part, name, file) in ByOperation[operation.OperationId!])
        {
            var content = part == Request ? operation.RequestBody?.Content : operation.Responses![part].Content;
            if (content is null || !(content.TryGetValue(Json, out var found) || content.TryGetValue(Events, out found)) || found is not OpenApiMediaType media)
                throw new InvalidOperationException($"The example {name} of {operation.OperationId} has no {part} to stand at.");
            (media.Examples ??= new Dictionary<string, IOpenApiExample>())[name] =
                new OpenApiExample { Summary = (string?)file["summary"], Value = file["value"]!.DeepClone() };
        }
    }

    private static IEnumerable<(string Operation, string Part, string Name, JsonObject File)> Read()
    {
        var assembly = typeof(OperationExamples).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order())
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            if (resource[Prefix.Length..].Split('.') is [var operation, var part, var name, "json"])
                yield return (operation, part, name, JsonNode.Parse(stream)!.AsObject());
        }
    }
}
