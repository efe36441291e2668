using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>The request as an answer's <c>parameters</c> repeat it: every field, those left out with what stands for them. Pictures are null.</summary>
internal static class CallEcho
{
    public static JsonObject Of(LiftedBody body, IReadOnlyDictionary<string, JsonNode?> fields)
    {
        var echo = new JsonObject();
        foreach (var (name, fallback) in fields)
            echo[name] = name is "init_images" or "mask" ? null
                : body.Json.TryGetProperty(name, out var sent) ? Node(body, sent) : fallback?.DeepClone();
        return echo;
    }

    private static JsonNode? Node(LiftedBody body, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(json.EnumerateObject().GroupBy(JsonText.NameOf)
            .Select(same => new KeyValuePair<string, JsonNode?>(same.Key, Node(body, same.Last().Value)))),
        JsonValueKind.Array => new JsonArray([.. json.EnumerateArray().Select(one => Node(body, one))]),
        JsonValueKind.String => body.IsLifted(json) ? null : JsonValue.Create(JsonText.Of(json)),
        JsonValueKind.Number => JsonValue.Create(json.Clone()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
