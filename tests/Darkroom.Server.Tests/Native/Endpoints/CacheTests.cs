using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>The field <c>cache</c> over HTTP, with the starter.</summary>
public sealed class CacheTests(CacheTests.Running running) : IClassFixture<CacheTests.Running>
{
    public sealed class Running : IAsyncLifetime
    {
        internal RealServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await RealServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"method":"easycache","threshold":1.5}""", "cache.threshold", "0…1", "1.5")]
    [InlineData("""{"method":"easycache","threshold":-0.1}""", "cache.threshold", "0…1", "-0.1")]
    [InlineData("""{"method":"easycache","threshold":"much"}""", "cache.threshold", "0…1", "\"much\"")]
    [InlineData("""{"method":"teacache","threshold":0.1}""", "cache.method", "one of: easycache", "\"teacache\"")]
    [InlineData("""{"method":"easycache"}""", "cache.threshold", "0…1", null)]
    [InlineData("""{"threshold":0.1}""", "cache.method", "one of: easycache", null)]
    [InlineData("""{"method":"easycache","threshold":0.1,"interval":3}""", "cache", "an object with method and threshold, or null", null)]
    [InlineData("""{"method":"easycache","threshold":null}""", "cache.threshold", "0…1", null)]
    [InlineData("""{"method":"easycache","threshold":0.1,"threshold":0.2}""", "cache.threshold", "once", null)]
    [InlineData("0.1", "cache", "an object with method and threshold, or null", "0.1")]
    public async Task Fault_names_the_field_its_limit_and_the_value(string cache, string field, string limit, string? value)
    {
        using var answer = await PostAsync($$"""{"prompt":"fox","cache":{{cache}}}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var fault = Assert.Single((await JsonAsync(answer))["errors"]!.AsArray())!;
        Assert.Equal((field, limit), ((string?)fault["field"], (string?)fault["limit"]));
        if (value is not null) Assert.Equal(value, fault["value"]!.ToJsonString());
    }

    [Theory]
    [InlineData(""","sampler":"dpm_adaptive"}""")]
    [InlineData(""","sampler":"ddim","hires":{"scale":1.5,"sampler":"dpm_adaptive"}}""")]
    public async Task Sampler_that_chooses_its_own_levels_is_refused_with_it_in_either_pass(string rest)
    {
        using var answer = await PostAsync("""{"prompt":"fox","cache":{"method":"easycache","threshold":0.1}""" + rest);
        var fault = Assert.Single((await JsonAsync(answer))["errors"]!.AsArray())!;
        Assert.Equal(("cache", "with any other sampler"), ((string?)fault["field"], (string?)fault["limit"]));
    }

    [Fact]
    public async Task Null_and_threshold_zero_give_the_picture_without_and_a_threshold_another()
    {
        var plain = await PictureAsync("");
        Assert.Equal(plain, await PictureAsync(""","cache":null"""));
        Assert.Equal(plain, await PictureAsync(""","cache":{"method":"easycache","threshold":0}"""));
        Assert.NotEqual(plain, await PictureAsync(""","cache":{"method":"easycache","threshold":0.5}"""));
    }

    [Fact]
    public async Task Parameters_tell_it_and_posted_again_give_the_same_picture()
    {
        using var first = await PostAsync("""{"prompt":"fox","seed":3,"upscale":null,"cache":{"threshold":0.2,"method":"easycache"}}""");
        var answer = await JsonAsync(first);
        Assert.Equal("""{"method":"easycache","threshold":0.2}""", answer["parameters"]!["cache"]!.ToJsonString());
        using var second = await PostAsync(answer["parameters"]!.ToJsonString());
        Assert.Equal((string?)answer["images"]![0]!["sha256"], (string?)(await JsonAsync(second))["images"]![0]!["sha256"]);

        using var without = await PostAsync("""{"prompt":"fox","steps":2,"upscale":null}""");
        Assert.False((await JsonAsync(without))["parameters"]!.AsObject().ContainsKey("cache"));
    }

    [Fact]
    public async Task Model_lists_the_methods_that_it_can_do()
    {
        using var answer = await running.Server.Client.GetAsync("/v1/models/starter", TestContext.Current.CancellationToken);
        var model = await JsonAsync(answer);
        Assert.Equal("""["easycache"]""", model["capabilities"]!["cache"]!.ToJsonString());
        Assert.Contains("cache", model["capabilities"]!["fields"]!.AsArray().Select(field => (string?)field));
        Assert.Null(model["defaults"]!["cache"]);
    }

    private async Task<string?> PictureAsync(string more)
    {
        using var answer = await PostAsync($$"""{ "prompt":"fox, 3d render","seed":7,"upscale":null,"metadata":false{{more}} }""");
        return (string?)(await JsonAsync(answer))["images"]![0]!["sha256"];
    }

    private Task<HttpResponseMessage> PostAsync(string body) => running.Server.Client.PostAsync(
        "/v1/txt2img", new StringContent(body, null, "application/json"), TestContext.Current.CancellationToken);

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
}
