using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenApi;

/// <summary>What the strictest common generators of clients want of the document: each was seen to choke on the opposite.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public async Task The_version_of_the_specification_is_one_that_readers_know()
    {
        var document = await DocumentAsync();
        Assert.Equal("3.1.1", (string?)document["openapi"]);
        Assert.Equal("/", (string?)document["servers"]![0]!["url"]);
        Assert.Equal("[{}]", document["security"]!.ToJsonString());
    }

    [Fact]
    public async Task No_list_of_names_holds_null_and_none_is_without_a_name_of_its_own()
    {
        var document = await DocumentAsync();
        var schemas = document["components"]!["schemas"]!.AsObject();
        var lists = Nodes(document).OfType<JsonObject>().Where(node => node["enum"] is JsonArray).ToList();
        Assert.NotEmpty(lists);
        Assert.All(lists, list => Assert.DoesNotContain(null, list["enum"]!.AsArray()));
        Assert.All(lists, list => Assert.Contains(schemas, schema => ReferenceEquals(schema.Value, list)));
    }

    /// <summary>openapi-typescript takes what has a default for present, in requests too. Of parameters it does not.</summary>
    [Fact]
    public async Task No_default_makes_a_field_required()
    {
        var document = await DocumentAsync();
        Assert.DoesNotContain(
            Nodes(document["components"]!["schemas"]).OfType<JsonObject>(), node => (node["type"] ?? node["anyOf"]) is not null && node.ContainsKey("default"));
        Assert.Equal("""["prompt"]""", document["components"]!["schemas"]!["Txt2ImgRequest"]!["required"]!.ToJsonString());
    }

    /// <summary>NSwag reads them as System.Decimal, which ends at 7.9e28: the whole document was refused for one of 1.8e308.</summary>
    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/v1-3.0.json")]
    public async Task Every_bound_is_a_decimal(string address)
    {
        var bounds = Nodes(await DocumentAsync(address)).OfType<JsonObject>().SelectMany(static node => node)
            .Where(static word => word.Key is "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf")
            .Where(static word => word.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number).ToList();
        Assert.NotEmpty(bounds);
        Assert.All(bounds, static bound => Assert.True(
            decimal.TryParse(bound.Value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _), bound.Value!.GetPath()));
    }

    [Theory]
    [InlineData("txt2img", "Parameters")]
    [InlineData("img2img", "Parameters")]
    [InlineData("inpaint", "Parameters")]
    [InlineData("outpaint", "Parameters")]
    [InlineData("upscale", "UpscaleParameters")]
    public async Task The_parameters_of_an_answer_are_those_of_their_schema_and_of_the_request(string task, string schema)
    {
        await using var server = await RunningServer.StartAsync();
        var schemas = JsonNode.Parse(await server.Client.GetStringAsync("/openapi/v1.json"))!["components"]!["schemas"]!;
        using var response = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).Json());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var told = (await response.JsonAsync())["parameters"]!.AsObject();

        var properties = schemas[schema]!["properties"]!.AsObject();
        Assert.Superset(schemas[schema]!["required"]!.AsArray().Select(name => (string)name!).ToHashSet(), told.Select(field => field.Key).ToHashSet());
        Assert.All(told, field =>
        {
            Assert.True(properties.ContainsKey(field.Key), field.Key);
            if (field.Value is null) Assert.Contains("\"null\"", properties[field.Key]!.ToJsonString(), StringComparison.Ordinal);
        });

        var request = schemas[(task switch { "txt2img" => "Txt2Img", "img2img" => "Img2Img", _ => char.ToUpperInvariant(task[0]) + task[1..] }) + "Request"]!;
        Assert.All(told, field => Assert.True(request["properties"]!.AsObject().ContainsKey(field.Key), field.Key));
    }

    private static async Task<JsonNode> DocumentAsync(string address = "/openapi/v1.json")
    {
        await using var server = await RunningServer.StartAsync();
        return JsonNode.Parse(await server.Client.GetStringAsync(address))!;
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonObject some => some.SelectMany(property => Nodes(property.Value)).Prepend(some),
        JsonArray list => list.SelectMany(Nodes).Prepend(list),
        null => [],
        _ => [node],
    };
}
