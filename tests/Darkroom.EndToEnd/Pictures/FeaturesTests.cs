using System.Buffers.Binary;
using System.Text.Json;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>What layers of a model make of a picture that is sent.</summary>
public sealed class FeaturesTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const string Json = "application/json";

    [Fact]
    public async Task File_has_a_tensor_for_each_layer_and_is_the_same_each_time_and_in_company()
    {
        string body = await BodyAsync(""" "seed": 7, "layers": ["mid_block", "up_blocks.0"] """);
        var first = await server.Client.PostAsync(body, accept: "application/octet-stream", task: "features");
        Assert.Equal((200, "application/octet-stream", "7"), (first.Status, first.MediaType, first.Headers.GetValues("X-Seed").Single()));
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(first.Bytes);
        var names = JsonDocument.Parse(first.Bytes.AsMemory(8, header)).RootElement;
        Assert.Equal(("starter", "261", "7"), (Said("model"), Said("timestep"), Said("seed")));
        Assert.Equal([256, 4, 4], names.GetProperty("mid_block").GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()));
        Assert.Equal(8 + header + 4 * 256 * (4 * 4 + 8 * 8), first.Bytes.Length);

        var together = await Task.WhenAll(
            server.Client.PostAsync(body, task: "features"), server.Client.PostAsync("""{ "prompt": "canary", "steps": 4, "upscale": null }"""),
            server.Client.PostAsync(body, task: "features"));
        Assert.Equal(first.Bytes, together[0].Bytes);
        Assert.Equal(first.Bytes, together[2].Bytes);

        string Said(string name) => names.GetProperty("__metadata__").GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task Caller_that_does_not_wait_finds_the_file_by_its_address()
    {
        string body = await BodyAsync(""" "seed": 7 """);
        var file = await server.Client.PostAsync(body, accept: "*/*", task: "features");
        var answer = await server.Client.PostAsync(body, accept: Json, task: "features");
        Assert.Equal(["mid_block"], answer.Json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString()));
        string id = answer.Json.GetProperty("id").GetString()!;
        string url = (await server.Client.JobAsync(id)).GetProperty("features").GetProperty("url").GetString()!;
        Assert.Equal(answer.Json.GetProperty("url").GetString(), url);
        Assert.Equal(file.Bytes, await server.Client.GetByteArrayAsync(url, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Layer_that_the_model_has_not_is_422_and_names_those_that_are_like_it()
    {
        var answer = await server.Client.PostAsync(await BodyAsync(""" "layers": ["conv_in", "mid_blok"] """), accept: Json, task: "features");
        Assert.Equal((422, "/problems/not_observable"), (answer.Status, answer.Json.GetProperty("type").GetString()));
        Assert.Contains("it has no layer 'mid_blok'; it has 'mid_block'", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<string> BodyAsync(string fields)
    {
        var picture = await server.Client.PostAsync("""{ "prompt": "canary", "steps": 2, "seed": 1, "upscale": null }""");
        return $$"""{ "image": "{{picture.Json.GetProperty("images")[0].GetProperty("data").GetString()}}",{{fields}}}""";
    }
}
