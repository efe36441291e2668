using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Automatic1111.Styles;

public sealed class StyleRequestTests : IDisposable
{
    private const string Styles =
        "name,prompt,negative_prompt\nink,\"ink drawing of {prompt}\",colour\nfilm,35mm,\"{prompt}, digital\"\nlong,\"{prompt}{prompt}\",\n";

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-styles-").FullName;

    private string File => Path.Combine(folder, "styles.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Styles_of_a_request_are_put_to_its_prompts_in_their_order()
    {
        await using var server = await StartAsync(Styles);
        var info = await InfoAsync(server, """{"prompt":"fox","negative_prompt":"blue","styles":["ink","film"]}""");
        var request = server.Queue.Asked.Single();
        Assert.Equal(("ink drawing of fox, 35mm", "blue, colour, digital"), (request.Prompt, request.NegativePrompt));
        Assert.Equal((request.Prompt, request.NegativePrompt), ((string?)info["prompt"], (string?)info["negative_prompt"]));
        Assert.Equal(["ink", "film"], info["styles"]!.AsArray().Select(name => (string?)name));
        Assert.Empty(info["warnings"]!.AsArray());
        Assert.StartsWith("ink drawing of fox, 35mm\nNegative prompt: blue, colour, digital\n", (string?)info["infotexts"]![0]);
    }

    [Fact]
    public async Task Prompts_of_the_second_pass_have_them_too()
    {
        await using var server = await StartAsync(Styles);
        server.Models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { ExtraFields = ["hires"] } };
        await InfoAsync(server, """{"prompt":"fox","styles":["ink"],"enable_hr":true,"hr_scale":1.5,"hr_prompt":"wolf"}""");
        var request = server.Queue.Asked.Single();
        Assert.Equal(("ink drawing of wolf", "colour"), (request.Hires!.Prompt, request.Hires.NegativePrompt ?? request.NegativePrompt));
    }

    [Fact]
    public async Task Unknown_styles_are_named_and_left_out()
    {
        await using var server = await StartAsync(Styles);
        var info = await InfoAsync(server, """{"prompt":"fox","styles":["Ink","None","film"]}""");
        Assert.Equal("fox, 35mm", server.Queue.Asked.Single().Prompt);
        Assert.Equal("styles: there is no style 'Ink' here, and it was left out.", (string?)Assert.Single(info["warnings"]!.AsArray()));
    }

    [Theory]
    [InlineData("""{"styles":["ink",1]}""", "styles must be a list of names.")]
    [InlineData("""{"styles":"ink"}""", "styles must be a list.")]
    [InlineData("""{"prompt":"abcdefgh","styles":["long","long","long","long","long","long","long","long","long","long","long","long","long","long","long"]}""",
        "styles make a prompt too long. Allowed: at most 65536 characters.")]
    public async Task Wrong_styles_are_422(string body, string message)
    {
        await using var server = await StartAsync(Styles);
        using var answer = await server.PostAsync(body, path: "/sdapi/v1/txt2img");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var detail = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.AsArray();
        Assert.Contains(message, detail.Select(one => (string?)one!["msg"]));
        Assert.Contains("styles", detail.Select(one => (string?)one!["loc"]![1]));
    }

    [Fact]
    public async Task File_is_read_again_when_it_has_changed_and_a_bad_one_changes_nothing()
    {
        await using var server = await StartAsync(null);
        Assert.Empty(await ListAsync(server));
        Write("name,prompt\nink,ink drawing\n", 1);
        Assert.Equal("""{"name":"ink","prompt":"ink drawing","negative_prompt":""}""", Assert.Single(await ListAsync(server))!.ToJsonString());

        Write("name,prompt\nink,\"ink drawing\n", 2);
        Assert.Single(await ListAsync(server));
        var info = await InfoAsync(server, """{"prompt":"fox","styles":["ink","new"]}""");
        Assert.Equal("fox, ink drawing", server.Queue.Asked.Single().Prompt);
        Assert.Equal(
            "styles: there is no style 'new' here, and it was left out. styles.csv has a quote in line 2 that is never closed.",
            (string?)Assert.Single(info["warnings"]!.AsArray()));
        Assert.Single(server.Log.Lines, line => line.Contains("has a quote in line 2 that is never closed"));

        Write("name,prompt\nfilm,35mm\nink,wash\n", 3);
        Assert.Equal(["film", "ink"], (await ListAsync(server)).Select(style => (string?)style!["name"]));
        System.IO.File.WriteAllBytes(File, new byte[(4 << 20) + 1]);
        Assert.Equal(2, (await ListAsync(server)).Count);
        Assert.Single(server.Log.Lines, line => line.Contains("styles.csv has 4194305 bytes, and at most 4194304 are read."));
        System.IO.File.Delete(File);
        Assert.Empty(await ListAsync(server));
    }

    [Fact]
    public async Task Bad_file_is_told_when_the_server_starts_and_a_link_is_followed()
    {
        string other = Path.Combine(folder, "elsewhere.csv"), link = Path.Combine(folder, "named.csv");
        System.IO.File.WriteAllText(other, "none of it");
        System.IO.File.CreateSymbolicLink(link, other);
        await using var server = await RunningServer.StartAsync(("Darkroom:ModelsPath", folder), ("Darkroom:Automatic1111:Styles", link));
        Assert.Single(server.Log.Lines, line => line.Contains("named.csv has no column 'name' in line 1, which names the columns."));
        System.IO.File.WriteAllText(other, Styles);
        Assert.Equal(3, (await ListAsync(server)).Count);

        // One that the settings name has to be there; its styles stay until it is there again.
        System.IO.File.Delete(link);
        Assert.Equal(3, (await ListAsync(server)).Count);
        Assert.Single(server.Log.Lines, line => line.Contains("named.csv is not there."));
        System.IO.File.CreateSymbolicLink(link, other);
        Assert.Contains("no style 'x'", (string?)(await InfoAsync(server, """{"styles":["x"]}"""))["warnings"]![0]);
        Assert.EndsWith("left out.", (string?)(await InfoAsync(server, """{"styles":["x"]}"""))["warnings"]![0]);
    }

    [Fact]
    public async Task Answer_and_log_hold_no_text_of_a_style()
    {
        await using var server = await StartAsync("name,prompt\n\"canary of a name,\"canary of a prompt\n");
        await ListAsync(server);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("canary"));
    }

    private async Task<RunningServer> StartAsync(string? styles)
    {
        if (styles is not null) System.IO.File.WriteAllText(File, styles);
        return await RunningServer.StartAsync(("Darkroom:ModelsPath", folder));
    }

    private void Write(string text, int minute)
    {
        System.IO.File.WriteAllText(File, text);
        System.IO.File.SetLastWriteTimeUtc(File, new DateTime(2026, 1, 1, 0, minute, 0, DateTimeKind.Utc));
    }

    private static async Task<JsonArray> ListAsync(RunningServer server) =>
        JsonNode.Parse(await server.Client.GetStringAsync("/sdapi/v1/prompt-styles"))!.AsArray();

    private static async Task<JsonNode> InfoAsync(RunningServer server, string body)
    {
        using var answer = await server.PostAsync(body, path: "/sdapi/v1/txt2img");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse((string)JsonNode.Parse(text)!["info"]!)!;
    }
}
