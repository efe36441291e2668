using System.Text.Json.Nodes;

namespace Darkroom.Server.OpenApi;

/// <summary>
/// The document in OpenAPI 3.0, for readers that know no newer. It says the same but for what 3.0 has no words for: null is <c>nullable</c>, a constant is a
/// list of one name, what stands beside a reference stands around it, and operations ask for keys without naming scopes.
/// </summary>
internal static class OlderVersion
{
    private const string Version = "3.0.3", Null = "null",
        Events = "Server-sent events. Their data are JSON of the types that OpenAPI 3.1's copy of this document names here, which are among the schemas.";

    public static JsonObject Of(JsonObject newer)
    {
        var json = newer.DeepClone().AsObject();
        json["openapi"] = Version;
        foreach (var operation in Operations(json))
        {
            Unscope(operation);
            Stream(operation);
        }
        Convert(json);
        return json;
    }

    private static IEnumerable<JsonObject> Operations(JsonObject json) =>
        json["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject()).Select(static one => one.Value).OfType<JsonObject>();

    // Names of scopes stand in the description, and beside the list for programs.
    private static void Unscope(JsonObject operation)
    {
        foreach (var way in operation["security"]?.AsArray() ?? [])
            foreach (var (_, scopes) in way!.AsObject()) scopes!.AsArray().Clear();
    }

    // Generators that know 3.0 alone know nothing of events: they hand out the bytes.
    private static void Stream(JsonObject operation)
    {
        foreach (var (_, answer) in operation["responses"]!.AsObject())
            if (answer!["content"]?["text/event-stream"] is JsonObject stream)
            {
                stream["schema"] = new JsonObject { ["type"] = "string", ["format"] = "binary", ["description"] = Events };
                stream.Remove("examples");
            }
    }

    private static void Convert(JsonNode? node)
    {
        if (node is JsonArray list)
            foreach (var one in list) Convert(one);
        if (node is not JsonObject some) return;
        foreach (var (name, value) in some)
            if (name is not ("example" or "examples" or "enum" or "x-default")) Convert(value);
        ConvertSchema(some);
    }

    private static void ConvertSchema(JsonObject schema)
    {
        if (schema["type"] is JsonArray types) SetType(schema, [.. types.Select(static type => (string)type!)]);
        if (schema["anyOf"] is JsonArray any && any.FirstOrDefault(IsNull) is { } none)
        {
            any.Remove(none);
            if (any.Count == 1) Rename(schema, "anyOf", "allOf");
            // Strictly null is allowed beside a type alone; generators look for it here, and without it refuse answers that have null.
            schema["nullable"] = true;
        }
        if (schema["const"] is { } constant)
        {
            schema.Remove("const");
            schema["enum"] = new JsonArray(constant.DeepClone());
        }
        if (schema["exclusiveMinimum"] is JsonValue above && above.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            schema["minimum"] = above.DeepClone();
            schema["exclusiveMinimum"] = true;
        }
        // Of media types, examples are objects by name; of schemas they are a list.
        if (schema["examples"] is JsonArray { Count: > 0 } examples)
        {
            schema["example"] = examples[0]!.DeepClone();
            schema.Remove("examples");
        }
        if (schema["$ref"] is { } reference && schema.Count > 1 && ((string)reference!).StartsWith("#/components/schemas/", StringComparison.Ordinal))
        {
            schema.Remove("$ref");
            schema["allOf"] = new JsonArray(new JsonObject { ["$ref"] = reference.DeepClone() });
        }
    }

    private static void SetType(JsonObject schema, List<string> types)
    {
        if (types.Remove(Null)) schema["nullable"] = true;
        if (types.Count == 1)
        {
            schema["type"] = types[0];
            return;
        }
        schema.Remove("type");
        schema["anyOf"] = new JsonArray([.. types.Select(static type => new JsonObject { ["type"] = type })]);
    }

    private static bool IsNull(JsonNode? node) => node is JsonObject { Count: 1 } one && one["type"] is JsonValue type && (string?)type == Null;

    private static void Rename(JsonObject schema, string from, string to)
    {
        var value = schema[from]!;
        schema.Remove(from);
        schema[to] = value;
    }
}
