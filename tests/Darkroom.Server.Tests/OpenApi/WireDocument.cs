using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Darkroom.Server.Tests.OpenApi;

/// <summary>The OpenAPI document of a server, to be asked whether something is as it says.</summary>
internal sealed class WireDocument
{
    private readonly JsonObject schemas;
    private readonly Dictionary<string, JsonSchema> read = [];

    private WireDocument(JsonObject json)
    {
        Json = json;
        // Among the definitions of JSON Schema the names mean the same.
        schemas = Defined(json["components"]!["schemas"]!);
    }

    public JsonObject Json { get; }

    public JsonObject Schemas => Json["components"]!["schemas"]!.AsObject();

    /// <summary>Every operation with its method and path.</summary>
    public IEnumerable<(string Method, string Path, JsonObject Operation)> Operations =>
        from path in Json["paths"]!.AsObject()
        from one in path.Value!.AsObject()
        select (one.Key, path.Key, one.Value!.AsObject());

    /// <summary>The names of the operations.</summary>
    public IEnumerable<string> Ids => Operations.Select(static one => (string)one.Operation["operationId"]!);

    public static async Task<WireDocument> ReadAsync(HttpClient client, string address = "/openapi/v1.json") =>
        new(JsonNode.Parse(await client.GetStringAsync(address))!.AsObject());

    public JsonObject Operation(string id) => Operations.Single(one => (string?)one.Operation["operationId"] == id).Operation;

    /// <summary>The answer of a status, wherever it stands.</summary>
    public JsonObject Answer(JsonObject operation, string status)
    {
        Assert.True(operation["responses"]!.AsObject().ContainsKey(status), $"{operation["operationId"]} has no {status} in the document.");
        return Resolve(operation["responses"]![status]!).AsObject();
    }

    public JsonNode Resolve(JsonNode node)
    {
        if ((string?)node["$ref"] is not { } reference) return node;
        return reference[2..].Split('/').Aggregate((JsonNode)Json, static (place, name) => place[name]!);
    }

    /// <summary>What a value breaks of a schema; empty: nothing.</summary>
    public string FaultsOf(JsonNode schema, JsonNode? value)
    {
        var root = Defined(schema);
        var key = root.ToJsonString();
        if (!read.TryGetValue(key, out var asked))
        {
            var whole = new JsonObject
                { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["$defs"] = schemas.DeepClone(), ["allOf"] = new JsonArray(root) };
            read[key] = asked = JsonSchema.FromText(whole.ToJsonString());
        }
        var result = asked.Evaluate(JsonSerializer.SerializeToElement(value), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? "" : string.Join('\n', (result.Details ?? []).Where(static one => one.Errors is { Count: > 0 })
            .Select(static one => $"{one.InstanceLocation}: {string.Join("; ", one.Errors!.Values)} ({one.EvaluationPath})"));
    }

    /// <summary>Checks that an answer has a status, a media type, headers and a body that the document promises.</summary>
    public async Task CheckAsync(string id, HttpResponseMessage response)
    {
        var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var answer = Answer(Operation(id), status);
        var sent = response.Headers.Concat(response.Content.Headers).Select(static one => one.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var told = (answer["headers"]?.AsObject() ?? []).Select(static one => one.Key).ToList();
        foreach (var header in sent.Intersect(Headers))
            Assert.True(told.Contains(header, StringComparer.OrdinalIgnoreCase), $"{id} {status} does not tell {header}.");
        Assert.Contains("X-Request-Id", sent);
        var type = response.Content.Headers.ContentType?.MediaType;
        if (type is null)
        {
            Assert.False(answer.ContainsKey("content"), $"{id} {status} has no body.");
            return;
        }
        Assert.True(answer["content"]?.AsObject().ContainsKey(type), $"{id} {status} has no {type} in the document.");
        if (!type.EndsWith("json", StringComparison.Ordinal)) return;
        var body = await response.Content.ReadAsStringAsync();
        var faults = FaultsOf(answer["content"]![type]!["schema"]!, JsonNode.Parse(body));
        Assert.True(faults.Length == 0, $"{id} {status}\n{faults}\n{body[..Math.Min(2000, body.Length)]}");
    }

    private static JsonObject Defined(JsonNode node) =>
        JsonNode.Parse(node.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!.AsObject();

    /// <summary>Those that an answer may not have without the document's word; the others are HTTP's own, or every answer's.</summary>
    private static readonly HashSet<string> Headers = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Job-Id", "X-Seed", "Location", "Content-Location", "Preference-Applied", "Idempotent-Replayed", "Retry-After", "WWW-Authenticate", "ETag",
        "Content-Range", "Accept-Ranges", "Content-Disposition", "x-should-retry",
    };
}
