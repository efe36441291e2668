using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>What is wrong is told in AUTOMATIC1111's shape, by the names that were sent, every fault at once.</summary>
public sealed class BadInputTests(StarterServer server) : IClassFixture<StarterServer>
{
    [Fact]
    public async Task Every_fault_is_named_in_the_shape_that_clients_read()
    {
        var faults = await FaultsAsync(
            "txt2img", """{"prompt":"x","steps":"many","cfg_scale":99,"width":63,"subseed_strength":2,"refiner_checkpoint":"other"}""");
        Assert.Equal(["cfg_scale", "refiner_checkpoint", "steps", "subseed_strength", "width"], faults.Select(fault => fault.Field).Order());
        Assert.All(faults, fault => Assert.NotEqual("", fault.Message));
        Assert.Contains("16…96", faults.Single(fault => fault.Field == "width").Message);

        faults = await FaultsAsync("txt2img", """{"prompt":"x","batch_size":8,"n_iter":13}""");
        Assert.Contains("a call has at most 100 pictures", Assert.Single(faults).Message);
        faults = await FaultsAsync("txt2img", """{"prompt":"x","override_settings":{"sd_model_checkpoint":"nobody"}}""");
        Assert.Equal("override_settings.sd_model_checkpoint", Assert.Single(faults).Field);
    }

    [Fact]
    public async Task Sampler_or_scheduler_that_is_none_is_400_with_the_list()
    {
        foreach (var (body, what) in ((string, string)[])
            [("""{"sampler_name":"Euler b"}""", "Sampler not found: 'Euler b'"), ("""{"scheduler":"Kerras"}""", "Scheduler not found: 'Kerras'")])
        {
            var error = await ErrorAsync(400, "txt2img", body);
            Assert.StartsWith(what, (string)error["detail"]!);
            Assert.Contains(what.StartsWith("Sampler") ? "DPM++ 2M" : "Karras", (string)error["detail"]!);
            Assert.Equal(["error", "detail", "body", "errors"], error.Select(one => one.Key));
        }
    }

    [Fact]
    public async Task Pictures_are_refused_with_the_reason()
    {
        string png = Convert.ToBase64String(PlainPicture.Png(64, 64)), small = Convert.ToBase64String(PlainPicture.Png(32, 64));
        Assert.Contains("init_images: The picture is not valid base64", (string)(await ErrorAsync(400, "img2img", Sent("@@@@")))["detail"]!);
        var error = await ErrorAsync(400, "img2img", Sent(Convert.ToBase64String(Encoding.ASCII.GetBytes("This is a text and no picture at all."))));
        Assert.StartsWith("init_images: ", (string)error["detail"]!);
        Assert.Contains("is an address", Assert.Single(await FaultsAsync("img2img", Sent("http://example.org/cat.png"))).Message);
        Assert.Contains("init_images is required", Assert.Single(await FaultsAsync("img2img", """{"prompt":"x"}""")).Message);
        var mask = Assert.Single(await FaultsAsync("img2img", Sent(png, small)));
        Assert.Equal(("mask", true), (mask.Field, mask.Message.Contains("must be of one size")));

        // White space in base64, and a type that the bytes are not of, change nothing: the bytes tell.
        string spaced = string.Join(" \r\n", png.Chunk(40).Select(piece => new string(piece)));
        var plain = await server.Client.PostAsync("/sdapi/v1/img2img", JsonNode.Parse(Sent(png))!);
        Assert.Equal(plain.Hashes(), (await server.Client.PostAsync("/sdapi/v1/img2img", JsonNode.Parse(Sent("data:image/jpeg;base64," + spaced))!)).Hashes());
    }

    [Fact]
    public async Task Body_of_100_MB_is_413_and_the_server_goes_on()
    {
        using var body = new ByteArrayContent(new byte[100 << 20]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sdapi/v1/img2img") { Content = body };
        request.Headers.ExpectContinue = true;
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("too_large", (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!);
        string list = string.Join(',', Enumerable.Repeat("1", 200_000));
        Assert.Equal("too_large", (string)(await ErrorAsync(413, "txt2img", $$"""{"prompt":"x","script_args":[{{list}}]}"""))["error"]!);
        Assert.Equal("not_found", (string)(await ErrorAsync(404, "nothing", "{}"))["error"]!);
        Assert.Equal("invalid_json", (string)(await ErrorAsync(400, "txt2img", "{"))["error"]!);
        await server.Client.ReadAsync("/internal/ping");
    }

    [Fact]
    public async Task Keys_are_asked_for_by_basic_and_the_setting_turns_the_surface_off()
    {
        await using (var guarded = await StartedServer.StartAsync(null, null, ("Darkroom__ApiKey", "a-key-of-enough-letters-0123456789")))
        {
            using var refused = await guarded.Client.GetAsync(new Uri("/sdapi/v1/progress", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Contains(refused.Headers.WwwAuthenticate, one => one.Scheme == "Basic");
            Assert.Equal("unauthorized", (string)JsonNode.Parse(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!);
            guarded.Client.DefaultRequestHeaders.Authorization =
                new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:a-key-of-enough-letters-0123456789")));
            Assert.Equal(0, (double)(await guarded.Client.ReadAsync("/sdapi/v1/progress"))["progress"]!);
        }
        await using var off = await StartedServer.StartAsync(null, null, ("Darkroom__Automatic1111__Enabled", "false"));
        foreach (var path in (string[])["/internal/ping", "/sdapi/v1/progress"])
            Assert.Equal(404, (await off.Client.TryAsync(HttpMethod.Get, path, null)).Status);
    }

    private static string Sent(string picture, string? mask = null) => new JsonObject
    {
        ["prompt"] = "x", ["steps"] = 2, ["seed"] = 1, ["init_images"] = new JsonArray(picture), ["mask"] = mask,
    }.ToJsonString();

    private async Task<(string Field, string Message)[]> FaultsAsync(string task, string body)
    {
        var (status, text) = await server.Client.TryAsync(HttpMethod.Post, "/sdapi/v1/" + task, body);
        Assert.True(status == 422, $"{status} {text}");
        return [.. JsonNode.Parse(text)!["detail"]!.AsArray().Select(one =>
        {
            Assert.Equal("body", (string)one!["loc"]![0]!);
            Assert.NotEqual("", (string)one["type"]!);
            return ((string)one["loc"]![1]!, (string)one["msg"]!);
        })];
    }

    private async Task<JsonObject> ErrorAsync(int expected, string task, string body)
    {
        var (status, text) = await server.Client.TryAsync(HttpMethod.Post, "/sdapi/v1/" + task, body);
        Assert.True(status == expected, $"{status} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
