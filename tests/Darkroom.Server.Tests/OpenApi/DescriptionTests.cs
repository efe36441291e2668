using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenApi;

/// <summary>What a reader of the document may count on: everything has a name and is described.</summary>
public sealed partial class DescriptionTests
{
    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/v1-3.0.json")]
    public async Task Everything_is_described(string address)
    {
        await using var server = await RunningServer.StartAsync();
        var document = await WireDocument.ReadAsync(server.Client, address);
        var bare = new List<string>();
        foreach (var (method, path, operation) in document.Operations)
        {
            foreach (var word in (string[])["summary", "description"])
                if (string.IsNullOrEmpty((string?)operation[word])) bare.Add($"{method} {path}: {word}");
            foreach (var parameter in operation["parameters"]?.AsArray() ?? []) Look(bare, $"{method} {path}: {parameter!["name"]}", parameter);
            foreach (var (status, _) in operation["responses"]!.AsObject()) Look(bare, $"{method} {path}: {status}", document.Answer(operation, status));
            if (operation["requestBody"] is { } body) Look(bare, $"{method} {path}: body", body);
        }
        foreach (var (name, schema) in document.Schemas)
        {
            Look(bare, name, schema!);
            foreach (var (property, value) in schema!["properties"]?.AsObject() ?? []) Look(bare, $"{name}.{property}", value!);
        }
        foreach (var (name, header) in document.Json["components"]!["headers"]!.AsObject()) Look(bare, name, header!);
        foreach (var tag in document.Json["tags"]!.AsArray()) Look(bare, (string)tag!["name"]!, tag);
        Assert.Empty(bare);

        static void Look(List<string> bare, string place, JsonNode node)
        {
            if (string.IsNullOrEmpty((string?)node["description"])) bare.Add(place);
        }
    }

    /// <summary>Generated clients name their methods by it.</summary>
    [Fact]
    public async Task Operations_have_names_of_their_own_in_camel_case_and_tags_that_are_described()
    {
        await using var server = await RunningServer.StartAsync();
        var document = await WireDocument.ReadAsync(server.Client);
        var names = document.Ids.ToList();
        Assert.All(names, name => Assert.Matches(CamelCase(), name));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        var tags = document.Json["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToList();
        Assert.Equal(tags.Order(), document.Operations.SelectMany(one => one.Operation["tags"]!.AsArray()).Select(tag => (string)tag!).Distinct().Order());
    }

    /// <summary>What has no name has no type in a generated client, or one that nobody recognises.</summary>
    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/v1-3.0.json")]
    public async Task No_object_is_without_a_name(string address)
    {
        await using var server = await RunningServer.StartAsync();
        var document = await WireDocument.ReadAsync(server.Client, address);
        var schemas = document.Schemas.Select(one => one.Value!).ToHashSet<JsonNode>(ReferenceEqualityComparer.Instance);
        var nameless = Nodes(document.Json).OfType<JsonObject>()
            .Where(node => node["type"] is JsonValue type && (string?)type == "object" && node.ContainsKey("properties") && !schemas.Contains(node));
        Assert.Empty(nameless.Select(static node => node.GetPath()));
    }

    /// <summary>Every type of problem that the server has, but for those of surfaces that the document does not have.</summary>
    [Fact]
    public async Task Every_type_of_problem_is_listed_with_an_example_and_named_where_it_is_answered()
    {
        await using var server = await RunningServer.StartAsync();
        var document = await WireDocument.ReadAsync(server.Client);
        string[] elsewhere = ["not_found", "method_not_allowed", "sampler_not_found", "not_offered"];
        var expected = ProblemSchemas.All.Where(type => !elsewhere.Contains(type.Slug)).ToList();
        Assert.Equal(expected.Select(static type => type.Address).Order(StringComparer.Ordinal),
            document.Schemas["ProblemType"]!["enum"]!.AsArray().Select(static one => (string)one!).Order(StringComparer.Ordinal));
        var examples = document.Json["components"]!["examples"]!.AsObject();
        var schema = new JsonObject { ["$ref"] = "#/components/schemas/ProblemDocument" };
        foreach (var type in expected)
        {
            var value = examples[type.Slug]!["value"]!;
            Assert.Equal("", document.FaultsOf(schema, value));
            Assert.Equal((type.Address, type.Status), ((string)value["type"]!, (int)value["status"]!));
        }
        foreach (var (method, path, operation) in document.Operations)
            foreach (var (status, _) in operation["responses"]!.AsObject())
                if (document.Answer(operation, status)["content"]?["application/problem+json"] is { } problem)
                    Assert.All(problem["examples"]!.AsObject(), example =>
                    {
                        var value = document.Resolve(example.Value!)["value"]!;
                        Assert.True(status == value["status"]!.ToJsonString(), $"{method} {path} {status} {example.Key}");
                    });
    }

    /// <summary>3.0 says null by <c>nullable</c>, and knows neither lists of types, nor constants, nor examples in schemas.</summary>
    [Fact]
    public async Task The_older_copy_has_no_words_of_the_newer_and_allows_null_where_that_does()
    {
        await using var server = await RunningServer.StartAsync();
        var (newer, older) = (await WireDocument.ReadAsync(server.Client), await WireDocument.ReadAsync(server.Client, "/openapi/v1-3.0.json"));
        Assert.Equal("3.0.3", (string?)older.Json["openapi"]);
        foreach (var schema in Nodes(older.Json["components"]!["schemas"]).OfType<JsonObject>())
        {
            Assert.False(schema["type"] is JsonArray, schema.GetPath());
            Assert.NotEqual("null", schema["type"] is JsonValue type ? (string?)type : "");
            if (schema["nullable"] is not null) Assert.True(((string[])["type", "allOf", "anyOf"]).Any(schema.ContainsKey), schema.GetPath());
        }
        foreach (var (name, schema) in newer.Schemas)
            foreach (var (property, value) in schema!["properties"]?.AsObject() ?? [])
            {
                var takesNull = value!["type"]?.ToJsonString().Contains("\"null\"", StringComparison.Ordinal) == true
                    || value["anyOf"]?.AsArray().Any(static one => one!["type"] is JsonValue type && (string?)type == "null") == true;
                var there = older.Schemas[name]!["properties"]![property]!;
                Assert.True(takesNull == ((bool?)there["nullable"] == true), $"{name}.{property}");
            }
        Assert.Equal(newer.Ids, older.Ids);
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject some => some.Where(static property => property.Key is not ("example" or "examples"))
            .SelectMany(static property => Nodes(property.Value)).Prepend(some),
        JsonArray list => list.SelectMany(Nodes).Prepend(list),
        null => [],
        _ => [node],
    };

    [GeneratedRegex("^[a-z][a-zA-Z0-9]*$")]
    private static partial Regex CamelCase();
}
