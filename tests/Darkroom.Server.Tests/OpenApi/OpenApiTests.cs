using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.OpenApi;

public sealed class OpenApiTests
{
    private static readonly string Approved = Path.Combine(Repository.Root, "tests", "Darkroom.Server.Tests", "Approved", "openapi.json");

    /// <summary>Where the wire is meant to change, run once with DARKROOM_APPROVE=1 and review the difference.</summary>
    [Fact]
    public async Task The_document_is_the_approved_one()
    {
        await using var server = await RunningServer.StartAsync();
        var document = await server.Client.GetStringAsync("/openapi/v1.json");
        if (Environment.GetEnvironmentVariable("DARKROOM_APPROVE") == "1") await File.WriteAllTextAsync(Approved, document.ReplaceLineEndings("\n") + "\n");
        Assert.Equal((await File.ReadAllTextAsync(Approved)).TrimEnd(), document.ReplaceLineEndings("\n").TrimEnd());
    }

    [Fact]
    public async Task The_schema_says_what_validation_says()
    {
        await using var server = await RunningServer.StartAsync();
        var schemas = JsonNode.Parse(await server.Client.GetStringAsync("/openapi/v1.json"))!["components"]!["schemas"]!;
        var fields = schemas["Txt2ImgRequest"]!["properties"]!.AsObject();
        Assert.Equal((1, 150), ((int?)fields["steps"]!["minimum"], (int?)fields["steps"]!["maximum"]));
        Assert.Contains("dpmpp_2m", schemas["Sampler"]!["enum"]!.AsArray().Select(name => (string?)name));
        Assert.EndsWith(" Default: the model's, else torch_cpu.", (string?)fields["noise_source"]!["description"]);
        Assert.All(fields, field => Assert.NotEqual("", (string?)field.Value!["description"]));
    }
}
