using System.Text.Json;

namespace Darkroom.EndToEnd.Clients;

/// <summary>The AI SDK (npm <c>ai</c>) with its provider for compatible servers, <c>@ai-sdk/openai-compatible</c>.</summary>
public sealed class AiSdkTests(ClientServer server) : IClassFixture<ClientServer>
{
    [Fact]
    public async Task Pictures_edits_and_errors_come_as_its_users_expect()
    {
        var gave = await NodeProgram.RunAsync("ai-sdk.mjs", server.Address, ClientServer.Key, server.Folder);
        var one = await NativeAsync(7, 1);
        Assert.Equal(one, gave.Texts("one"));
        Assert.Equal(one, gave.Texts("url"));
        Assert.Equal([.. await NativeAsync(7, 8), .. await NativeAsync(15, 2)], gave.Texts("ten"));
        Assert.Equal(await server.NativeAsync("txt2img", Body(7)), gave.Texts("auto"));

        var edit = Body(7);
        edit["strength"] = 0.6;
        Assert.Equal(await server.NativeAsync("img2img", edit), gave.Texts("edit"));
        var masked = Body(7);
        (masked["strength"], masked["mask_mode"], masked["count"]) = (1, "alpha", 2);
        Assert.Equal(await server.NativeAsync("inpaint", masked), gave.Texts("masked"));

        Refused("unknown", 404, "model", "model_not_found");
        Refused("size", 400, "size", "invalid_value");

        void Refused(string name, int status, string param, string code)
        {
            var refusal = gave.GetProperty(name);
            Assert.Equal(("APICallError", status), (refusal.Text("kind"), refusal.GetProperty("status").GetInt32()));
            Assert.False(refusal.GetProperty("isRetryable").GetBoolean());
            var error = refusal.GetProperty("data").GetProperty("error");
            Assert.Equal((param, code), (error.Text("param"), error.Text("code")));
            Assert.Equal(refusal.Text("message"), error.Text("message"));
        }
    }

    private Task<string[]> NativeAsync(int seed, int count)
    {
        var body = Body(seed);
        (body["width"], body["height"], body["count"], body["upscale"]) = (64, 64, count, null);
        return server.NativeAsync("txt2img", body);
    }

    private static Dictionary<string, object?> Body(int seed) => new() { ["prompt"] = "red apple", ["seed"] = seed, ["steps"] = 4 };
}
