using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Automatic1111.Infotext;

public sealed class InfotextRequestTests
{
    private const string Text =
        "a (fox:1.2)\nNegative prompt: ugly,\nblurred\nSteps: 25, Sampler: Heun, Schedule type: Karras, CFG scale: 6.5, Seed: 42, Size: 32x64, "
        + "Model hash: aabbccddee, Model: renamed, Variation seed: 5, Variation seed strength: 0.3, Seed resize from: 32x48, Denoising strength: 0.6, "
        + "Clip skip: 2, ENSD: 31337, RNG: CPU, Sigma churn: 2, Hires upscale: 1.5, Hires steps: 10, Hires upscaler: Latent (bicubic), "
        + "Hires prompt: \"a: b, c\", Version: v1.10.1";

    [Fact]
    public async Task Every_field_that_is_not_named_is_the_texts()
    {
        await using var server = await StartAsync();
        var (answer, info) = await PostAsync(server, new() { ["infotext"] = Text });
        var request = server.Queue.Asked.Single();
        Assert.Equal(("a (fox:1.2)", "ugly,\nblurred", 25, 6.5, 42L),
            (request.Prompt, request.NegativePrompt, request.Steps, request.GuidanceScale, request.Seed));
        Assert.Equal(("heun", "karras", 32, 64, "starter"), (request.Sampler, request.Schedule, request.Width, request.Height, request.Model));
        Assert.Equal((5L, 0.3, 32, 48), (request.VariationSeed, request.VariationStrength, request.SeedResize!.Value.X, request.SeedResize.Value.Y));
        Assert.Equal((1, 31337L, NoiseSource.TorchCpu, 2.0), (request.ClipSkip, request.NoiseSeedOffset, request.NoiseSource, request.SChurn));
        Assert.Equal((1.5, 10, "latent_bicubic", "a: b, c", 0.6),
            (request.Hires!.Scale, request.Hires.Steps, request.Hires.Upscaler, request.Hires.Prompt, request.Hires.Strength));
        Assert.Empty(info["warnings"]!.AsArray());
        Assert.Equal((25, true, "a (fox:1.2)"),
            ((int)answer["parameters"]!["steps"]!, (bool)answer["parameters"]!["enable_hr"]!, (string)answer["parameters"]!["prompt"]!));
    }

    [Fact]
    public async Task What_is_named_counts_and_not_the_text()
    {
        await using var server = await StartAsync();
        await PostAsync(server, new()
        {
            ["infotext"] = Text, ["prompt"] = "wolf", ["negative_prompt"] = null, ["steps"] = 3, ["sampler_index"] = "Euler", ["seed"] = 7,
            ["hr_resize_x"] = 96, ["hr_resize_y"] = 96, ["width"] = 64, ["scheduler"] = null, ["subseed_strength"] = 0,
            ["override_settings"] = new JsonObject { ["CLIP_stop_at_last_layers"] = 1, ["randn_source"] = null },
        });
        var request = server.Queue.Asked.Single();
        Assert.Equal(("wolf", "", 3, 7L, 64, 64, 0.0),
            (request.Prompt, request.NegativePrompt ?? "", request.Steps, request.Seed, request.Width, request.Height, request.VariationStrength));
        Assert.NotEqual("karras", request.Schedule);
        Assert.Equal(("euler", 0, NoiseSource.TorchCuda, 31337L), (request.Sampler, request.ClipSkip, request.NoiseSource, request.NoiseSeedOffset));
        Assert.Equal((null, 96, 96), (request.Hires!.Scale, request.Hires.Width, request.Hires.Height));
    }

    [Fact]
    public async Task Options_of_the_caller_give_way_where_the_text_means_others()
    {
        await using var server = await RunningServer.StartAsync();
        using (await server.PostAsync("""{"CLIP_stop_at_last_layers":3,"randn_source":"CPU"}""", path: "/sdapi/v1/options")) { }
        await PostAsync(server, new() { ["infotext"] = "fox\nSteps: 4, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x64" });
        var request = server.Queue.Asked.Single();
        Assert.Equal((0, NoiseSource.TorchCuda, "euler_ancestral", (HiresOrder?)null), (request.ClipSkip, request.NoiseSource, request.Sampler, request.Hires));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("fox, red", "fox, red")]
    [InlineData("fox\nNegative prompt: x", "fox")]
    public async Task Text_without_fields_is_a_prompt(string text, string prompt)
    {
        await using var server = await RunningServer.StartAsync();
        await PostAsync(server, new() { ["infotext"] = text });
        Assert.Equal(prompt, server.Queue.Asked.Single().Prompt);
    }

    [Theory]
    [InlineData("Euler a, Eta: 0.5", 0.5)]
    [InlineData("DDIM, Eta DDIM: 0.7", 0.7)]
    public async Task Share_of_fresh_noise_has_two_names(string sampler, double eta)
    {
        await using var server = await RunningServer.StartAsync();
        await PostAsync(server, new() { ["infotext"] = $"fox\nSteps: 4, Seed: 1, Sampler: {sampler}" });
        Assert.Equal(eta, server.Queue.Asked.Single().Eta);
        await PostAsync(server, new() { ["infotext"] = $"fox\nSteps: 4, Seed: 1, Sampler: {sampler}", ["eta"] = 0.25 });
        Assert.Equal(0.25, server.Queue.Asked.Last().Eta);
    }

    [Fact]
    public async Task Values_that_a_sampler_does_not_take_are_told_and_left_out()
    {
        await using var server = await RunningServer.StartAsync();
        var (_, info) = await PostAsync(server, new() { ["sampler_name"] = "DPM++ 2M", ["s_churn"] = 2, ["s_tmin"] = 0, ["s_noise"] = 1.1 });
        var request = server.Queue.Asked.Single();
        Assert.Equal((null, null), (request.SChurn, request.SNoise));
        Assert.Equal(["s_churn", "s_noise"], info["warnings"]!.AsArray().Select(one => ((string)one!).Split(':')[0]));
    }

    [Fact]
    public async Task What_nothing_is_made_of_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        var (_, info) = await PostAsync(server, new()
        {
            ["infotext"] = "fox\nSteps: 4, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x64, Model: other, Model hash: 0011223344, VAE: far, "
                + "Face restoration: GFPGAN, Clip skip: many",
        });
        Assert.Equal(
            [
                "infotext: model: 'other' [0011223344] is not on this server.", "infotext: vae: 'far' is not on this server.",
                "infotext: nothing was made of 'Face restoration'.", "infotext: nothing was made of 'Clip skip'.",
            ], info["warnings"]!.AsArray().Select(one => (string)one!));
        Assert.Equal("starter", server.Queue.Asked.Single().Model);

        // A request that names the model is not told of the text's.
        (_, info) = await PostAsync(server, new()
        {
            ["infotext"] = "fox\nSteps: 4, Sampler: Euler a, Seed: 1, Model: other",
            ["override_settings"] = new JsonObject { ["sd_model_checkpoint"] = "starter" },
        });
        Assert.Empty(info["warnings"]!.AsArray());
    }

    [Theory]
    [InlineData("fox\nSteps: 4, Sampler: Euler b, Seed: 1", 400, "Sampler not found: 'Euler b'")]
    [InlineData("fox\nSteps: 4, Sampler: Euler, Seed: 1, Size: 4096x64", 422, "\"width\"")]
    [InlineData("fox\nSteps: 4, Sampler: Euler, Seed: 1, Hires upscale: 2, Hires upscaler: SwinIR_4x", 422, "\"hr_upscaler\"")]
    [InlineData("fox\nSteps: 4, Sampler: Euler, Seed: 1, Refiner: xl", 422, "\"refiner_checkpoint\"")]
    public async Task Values_of_the_text_are_held_to_what_is_possible(string text, int status, string told)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync(new JsonObject { ["infotext"] = text }.ToJsonString(), path: "/sdapi/v1/txt2img");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(told, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Mask_of_a_text_goes_with_img2img()
    {
        await using var server = await RunningServer.StartAsync();
        string picture = TestPictures.Base64(64, 64);
        await PostAsync(server, new()
        {
            ["init_images"] = new JsonArray(picture), ["mask"] = picture,
            ["infotext"] = "fox\nSteps: 4, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64, Denoising strength: 0.4, Mask blur: 8, "
                + "Mask mode: Inpaint not masked, Masked content: latent noise, Masked area padding: 16, Noise multiplier: 0.9, Resize mode: Crop and resize",
        }, "img2img");
        var edit = server.Queue.Asked.Single().Edit!;
        Assert.Equal((0.4, 0.9, "Crop"), (edit.Strength, edit.NoiseMultiplier, edit.Fit.ToString()));
        Assert.Equal(("Black", 8.0, "Noise", false, 16),
            (edit.Mask!.Reading.ToString(), edit.Mask.Blur, edit.Mask.Fill.ToString(), edit.Mask.OnlyMasked, edit.Mask.Padding));
    }

    [Fact]
    public async Task Long_texts_are_never_taken_for_pictures()
    {
        await using var server = await RunningServer.StartAsync();
        string prompt = string.Concat(Enumerable.Repeat("여우 ", 1300));
        using (var answer = await server.PostAsync($$"""{"prompt":"{{Escaped(prompt)}}"}""", path: "/sdapi/v1/txt2img"))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(prompt, server.Queue.Asked.Single().Prompt); // 16 KiB of escapes, and below the limit

        foreach (var field in (string[])["prompt", "negative_prompt", "force_task_id"])
        {
            using var refused = await server.PostAsync($$"""{"{{field}}":"{{new string('x', 20_000)}}"}""", path: "/sdapi/v1/txt2img");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains(field, await refused.Content.ReadAsStringAsync());
        }
        await PostAsync(server, new() { ["infotext"] = $"fox{new string(' ', 17_000)}\nSteps: 4, Sampler: Euler, Seed: 1" });
        Assert.Equal(("fox", 4), (server.Queue.Asked.Last().Prompt, server.Queue.Asked.Last().Steps));
    }

    [Fact]
    public async Task Properties_that_no_writer_takes_stay_as_they_were_sent()
    {
        await using var server = await StartAsync();
        string body = $$$"""{"infotext":"{{{Escaped(Text)}}}","odd":"\ud83d","override_settings":{"odder":"\udc00","CLIP_stop_at_last_layers":3}}""";
        using var answer = await server.PostAsync(body, path: "/sdapi/v1/txt2img");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((2, 25, NoiseSource.TorchCpu),
            (server.Queue.Asked.Single().ClipSkip, server.Queue.Asked.Single().Steps, server.Queue.Asked.Single().NoiseSource));
    }

    /// <summary>With a model that makes a second pass.</summary>
    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync();
        server.Models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { ExtraFields = ["hires"] } };
        return server;
    }

    private static string Escaped(string text) => string.Concat(text.Select(letter => letter is >= ' ' and < (char)127 and not ('"' or '\\')
        ? letter.ToString() : $"\\u{(int)letter:x4}"));

    private static async Task<(JsonNode Answer, JsonNode Info)> PostAsync(RunningServer server, JsonObject body, string task = "txt2img")
    {
        using var answer = await server.PostAsync(body.ToJsonString(), path: "/sdapi/v1/" + task);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        var json = JsonNode.Parse(text)!;
        return (json, JsonNode.Parse((string)json["info"]!)!);
    }
}
