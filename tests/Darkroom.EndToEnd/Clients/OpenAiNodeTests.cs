using System.Text.Json;

namespace Darkroom.EndToEnd.Clients;

/// <summary>OpenAI's own client for Node.js (npm <c>openai</c>), as its users call it.</summary>
public sealed class OpenAiNodeTests(ClientServer server) : IClassFixture<ClientServer>
{
    [Fact]
    public async Task Models_are_listed()
    {
        var gave = await RunAsync("models");
        Assert.Equal(["starter"], gave.Texts("ids"));
        Assert.Equal("starter", gave.Text("one"));
    }

    [Fact]
    public async Task Pictures_are_those_of_the_native_surface()
    {
        var gave = await RunAsync("generate");
        var one = await NativeAsync([]);
        Assert.Equal(one, gave.Texts("one"));
        Assert.Equal(one, gave.Texts("again"));
        Assert.Equal(one, gave.Texts("nested"));
        Assert.Matches("^[0-9a-f]{32}$", gave.Text("requestId"));
        Assert.Equal(("64x64", "png"), (gave.Text("size"), gave.Text("format")));

        // Eight pictures are one native request's most; the ninth and tenth have the seeds that follow.
        Assert.Equal([.. await NativeAsync(new() { ["count"] = 8 }), .. await NativeAsync(new() { ["count"] = 2, ["seed"] = 15 })], gave.Texts("ten"));

        // Who names no size gets what the model does to its pictures.
        Assert.Equal(await server.NativeAsync("txt2img", new() { ["prompt"] = "red apple", ["seed"] = 7, ["steps"] = 4 }), gave.Texts("auto"));
        Assert.NotEqual(one, gave.Texts("auto"));
        Assert.Equal(await NativeAsync(new() { ["format"] = "jpeg", ["quality"] = 60 }), gave.Texts("jpeg"));
        Assert.Equal(await NativeAsync(new() { ["steps"] = 10 }), gave.Texts("low"));
        Assert.Equal(await NativeAsync(new()
        {
            ["negative_prompt"] = "blue", ["guidance_scale"] = 4, ["sampler"] = "euler_ancestral", ["schedule"] = "karras",
        }), gave.Texts("extended"));
    }

    [Fact]
    public async Task Ten_pictures_are_one_job()
    {
        await RunAsync("generate");
        var jobs = (await server.Client.FetchAsync("/v1/jobs?limit=100")).Succeeded().GetProperty("data").EnumerateArray();
        Assert.Contains(jobs, job => job.GetProperty("parameters").GetProperty("count").GetInt32() == 10 && job.GetProperty("images").GetArrayLength() == 10);
    }

    [Fact]
    public async Task An_address_needs_no_key()
    {
        var gave = await RunAsync("url");
        Assert.All(gave.Texts("urls"), url => Assert.StartsWith(server.Address + "/v1/images/", url));
        Assert.Equal([200, 200], gave.GetProperty("statuses").EnumerateArray().Select(status => status.GetInt32()));
        Assert.Equal(["image/png", "image/png"], gave.Texts("types"));
        Assert.Equal(await NativeAsync(new() { ["count"] = 2 }), gave.Texts("pictures"));
    }

    [Fact]
    public async Task Edits_and_variations_are_img2img_and_inpaint()
    {
        var gave = await RunAsync("edit");
        var whole = await EditAsync("img2img", new() { ["strength"] = 0.6 });
        Assert.Equal(whole, gave.Texts("whole"));
        Assert.Equal(whole, gave.Texts("listed"));
        var masked = await EditAsync("inpaint", new() { ["strength"] = 1, ["mask_mode"] = "alpha", ["count"] = 2 });
        Assert.Equal(masked, gave.Texts("masked"));
        Assert.Equal(masked, gave.Texts("json"));
        Assert.Equal(await EditAsync("img2img", new() { ["strength"] = 0.5 }), gave.Texts("faithful"));
        Assert.Equal(await EditAsync("img2img", new() { ["strength"] = 0.5, ["prompt"] = "", ["count"] = 2 }), gave.Texts("varied"));
        Refused(gave.GetProperty("two"), "BadRequestError", 400, "image", "invalid_value");
    }

    [Fact]
    public async Task A_stream_has_previews_and_then_the_picture()
    {
        var gave = await RunAsync("stream");
        Assert.Equal(["image_generation.completed"], Types("none"));
        Assert.Equal(gave.Texts("plain"), new[] { gave.GetProperty("none")[0].Text("sha256")! });
        var three = Types("three");
        Assert.Equal("image_generation.completed", three[^1]);
        Assert.InRange(three.Length, 2, 4); // a slow reader sees fewer
        Assert.All(three[..^1], type => Assert.Equal("image_generation.partial_image", type));
        Assert.Equal(Enumerable.Range(0, three.Length - 1),
            gave.GetProperty("three").EnumerateArray().SkipLast(1).Select(one => one.GetProperty("partial_image_index").GetInt32()));
        Assert.Equal(gave.Texts("plain"), new[] { gave.GetProperty("three").EnumerateArray().Last().Text("sha256")! });
        Assert.All((string[])["edit", "masked"], name =>
        {
            var types = Types(name);
            Assert.Equal("image_edit.completed", types[^1]);
            Assert.All(types[..^1], type => Assert.Equal("image_edit.partial_image", type));
        });

        string[] Types(string name) => [.. gave.GetProperty(name).EnumerateArray().Select(one => one.Text("type")!)];
    }

    [Fact]
    public async Task Errors_are_of_the_clients_own_classes()
    {
        var gave = await RunAsync("errors");
        Refused(gave.GetProperty("model"), "NotFoundError", 404, "model", "model_not_found");
        Refused(gave.GetProperty("streamed"), "NotFoundError", 404, "model", "model_not_found");
        Refused(gave.GetProperty("chat"), "NotFoundError", 404, null, "not_found");
        Refused(gave.GetProperty("size"), "BadRequestError", 400, "size", "invalid_value");
        Refused(gave.GetProperty("key"), "AuthenticationError", 401, null, "invalid_api_key");
        Refused(gave.GetProperty("many"), "BadRequestError", 400, "n", "invalid_value");
        string message = gave.GetProperty("many").Text("message")!;
        Assert.All((string[])["n must be 1…10. Given: 11.", "sede: There is no such field.", "background cannot be transparent"],
            part => Assert.Contains(part, message));
    }

    [Theory]
    [InlineData("leave")]
    [InlineData("abort")]
    public async Task A_caller_who_stops_reading_cancels(string scenario)
    {
        var gave = await RunAsync(scenario);
        Assert.Equal(scenario == "leave" ? """{"first":"image_generation.partial_image"}""" : """{"aborted":true}""", gave.GetRawText());
        await Calls.UntilAsync("cancelled", async () => (await server.LastJobAsync()).Text("status") == "cancelled");
    }

    private Task<JsonElement> RunAsync(string scenario) => NodeProgram.RunAsync("openai.mjs", scenario, server.Address, ClientServer.Key, server.Folder);

    private Task<string[]> NativeAsync(Dictionary<string, object?> more) => server.NativeAsync("txt2img", With(more, new()
    {
        ["prompt"] = "red apple", ["width"] = 64, ["height"] = 64, ["seed"] = 7, ["steps"] = 4, ["upscale"] = null,
    }));

    private Task<string[]> EditAsync(string task, Dictionary<string, object?> more) =>
        server.NativeAsync(task, With(more, new() { ["prompt"] = "red apple", ["seed"] = 7, ["steps"] = 4 }));

    private static Dictionary<string, object?> With(Dictionary<string, object?> more, Dictionary<string, object?> usual)
    {
        foreach (var (name, value) in more) usual[name] = value;
        return usual;
    }

    private static void Refused(JsonElement gave, string kind, int status, string? param, string code)
    {
        Assert.Equal((kind, status, param, code),
            (gave.Text("kind"), gave.GetProperty("status").GetInt32(), gave.Text("param"), gave.Text("code")));
        Assert.Equal("invalid_request_error", gave.Text("type"));
        Assert.Matches("^[0-9a-f]{32}$", gave.Text("requestID"));
        Assert.True(gave.GetProperty("hasError").GetBoolean());
    }
}
