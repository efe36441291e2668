using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Darkroom.TestKit.Deploy;

/// <summary>YAML as JSON nodes, with anchors and merge keys resolved and plain scalars of the types that YAML 1.2's core schema gives them.</summary>
public static class Yaml
{
    private const string Merge = "<<";

    /// <summary>The documents of a text, without empty ones.</summary>
    public static IReadOnlyList<JsonNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => NodeOf(document.RootNode)).OfType<JsonNode>()];
    }

    /// <summary>The one document of a file below the repository's root.</summary>
    public static JsonObject File(string path) => Documents(System.IO.File.ReadAllText(Path.Combine(Repository.Root, path))).Single().AsObject();

    private static JsonNode? NodeOf(YamlNode node) => node switch
    {
        YamlMappingNode map => MapOf(map),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(NodeOf)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        YamlScalarNode text => JsonValue.Create(text.Value),
        _ => throw new InvalidDataException($"There is no JSON for {node.NodeType}."),
    };

    private static JsonObject MapOf(YamlMappingNode map)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.Children.OrderBy(pair => ((YamlScalarNode)pair.Key).Value == Merge ? 0 : 1)) // own keys win
            if (((YamlScalarNode)key).Value is not Merge and { } name) result[name] = NodeOf(value);
            else
                foreach (var (merged, node) in MapOf((YamlMappingNode)value))
                    result[merged] = node?.DeepClone();
        return result;
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" or "false" => JsonValue.Create(text == "true"),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) =>
            Number(whole.ToString(CultureInfo.InvariantCulture)),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) =>
            Number(number.ToString(CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(text),
    };

    // Of a text: such a node can be read as any kind of number.
    private static JsonNode? Number(string text) => JsonNode.Parse(text);
}
