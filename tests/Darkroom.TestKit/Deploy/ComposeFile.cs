using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Darkroom.TestKit.Deploy;

/// <summary>The repository's <c>docker-compose.yml</c> as Compose reads it: variables that are not given have the defaults that stand beside them.</summary>
public sealed partial class ComposeFile
{
    private readonly IReadOnlyDictionary<string, string> given;
    private readonly SortedSet<string> variables = new(StringComparer.Ordinal);

    /// <param name="variables">Those of the environment.</param>
    public ComposeFile(params (string Name, string Value)[] variables)
    {
        given = variables.ToDictionary(one => one.Name, one => one.Value);
        Root = (JsonObject)Interpolated(Yaml.File("docker-compose.yml"))!;
        Services = Root["services"]!.AsObject().ToDictionary(one => one.Key, one => one.Value!.AsObject());
    }

    public JsonObject Root { get; }

    public IReadOnlyDictionary<string, JsonObject> Services { get; }

    /// <summary>Variables that the file asks for.</summary>
    public IReadOnlyCollection<string> Variables => variables;

    /// <summary>Services of a profile.</summary>
    public IReadOnlyList<string> Of(string profile) =>
        [.. Services.Where(one => Texts(one.Value, "profiles").Contains(profile)).Select(one => one.Key).Order(StringComparer.Ordinal)];

    /// <summary>A service's environment, each value as text.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) =>
        Services[service]["environment"]?.AsObject().ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "") ?? [];

    /// <summary>A list of texts in a service; empty where there is none.</summary>
    public static IReadOnlyList<string> Texts(JsonObject service, string key) =>
        service[key] is JsonArray list ? [.. list.Select(one => one!.ToString())] : [];

    private JsonNode? Interpolated(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(one => KeyValuePair.Create(one.Key, Interpolated(one.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Interpolated)]),
        JsonValue value when value.TryGetValue<string>(out string? text) => JsonValue.Create(Variable().Replace(text, ValueOf)),
        _ => node?.DeepClone(),
    };

    private string ValueOf(Match match)
    {
        string name = match.Groups[1].Value;
        variables.Add(name);
        return given.TryGetValue(name, out string? value) && value.Length > 0 ? value : match.Groups[2].Value;
    }

    // Every variable has a default: the file says what happens without it.
    [GeneratedRegex(@"\$\{([A-Z_]+):-([^}]*)\}")]
    private static partial Regex Variable();
}
