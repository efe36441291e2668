using System.Text.Json.Nodes;

namespace Darkroom.EndToEnd.Generators;

/// <summary>The document for generators whose methods have one kind of body and one kind of answer: the others are taken out of it.</summary>
internal static class OneKind
{
    /// <param name="document">OpenAPI.</param>
    /// <param name="body">Media type that is kept wherever an operation takes it and others.</param>
    /// <param name="answer">The same of what 200 brings.</param>
    public static JsonNode Of(string document, string body, string answer)
    {
        var json = JsonNode.Parse(document)!;
        foreach (var operation in json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(each => each.Value!))
        {
            Keep(operation["requestBody"]?["content"], body);
            Keep(operation["responses"]!["200"]?["content"], answer);
        }
        return json;
    }

    private static void Keep(JsonNode? content, string kind)
    {
        if (content is not JsonObject kinds || !kinds.ContainsKey(kind)) return;
        foreach (string other in kinds.Select(each => each.Key).Where(each => each != kind).ToArray()) kinds.Remove(other);
    }
}
