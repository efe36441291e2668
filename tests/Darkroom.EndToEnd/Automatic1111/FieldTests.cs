using System.Text.Json.Nodes;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>Fields of txt2img that change a picture change it as the native API's do, to the byte, and the picture is another one than without them.</summary>
public sealed class FieldTests(StarterServer server) : IClassFixture<StarterServer>
{
    [Theory]
    [InlineData("""{"hr_upscaler":"Latent","hr_scale":1.5}""", """{"upscaler":"latent","scale":1.5}""")]
    [InlineData("""{"hr_upscaler":"Latent (bicubic antialiased)","hr_resize_x":64,"hr_resize_y":96}""",
        """{"upscaler":"latent_bicubic_antialiased","width":64,"height":96}""")]
    [InlineData("""{"hr_upscaler":"Latent (nearest)","hr_resize_x":96,"hr_resize_y":0}""", """{"upscaler":"latent_nearest","width":96}""")]
    [InlineData("""{"hr_upscaler":"R-ESRGAN AnimeVideo"}""", """{"upscaler":"realesr-animevideov3-x4","scale":2}""")]
    [InlineData("""{"hr_upscaler":"Latent","hr_second_pass_steps":2}""", """{"upscaler":"latent","scale":2,"steps":2}""")]
    [InlineData("""{"hr_scale":1.5,"hr_prompt":"banana","hr_negative_prompt":"blue"}""",
        """{"upscaler":"latent","scale":1.5,"prompt":"banana","negative_prompt":"blue"}""")]
    [InlineData("""{"hr_scale":1.5,"hr_sampler_name":"Euler a"}""", """{"upscaler":"latent","scale":1.5,"sampler":"euler_ancestral"}""")]
    public async Task Second_pass_is_the_native_one(string sent, string native)
    {
        var (hires, own) = (Of(native), Sent("Euler", sent));
        (own["enable_hr"], own["denoising_strength"], hires["strength"]) = (true, 0.6, 0.6);
        var picture = await MadeAsync(own);
        Assert.Equal(await NativeAsync("euler", new JsonObject { ["hires"] = hires.DeepClone() }), picture);
        own["enable_hr"] = false;
        Assert.NotEqual(await MadeAsync(own), picture);

        // Every value of it counts.
        foreach (var name in (string[])["steps", "prompt", "sampler"])
        {
            if (!hires.ContainsKey(name)) continue;
            var less = Of(native);
            less.Remove(name);
            if (name == "prompt") less.Remove("negative_prompt");
            less["strength"] = 0.6;
            Assert.NotEqual(await NativeAsync("euler", new JsonObject { ["hires"] = less }), picture);
        }
    }

    [Theory]
    [InlineData("Euler", """{"seed_resize_from_w":32,"seed_resize_from_h":64}""", "euler", """{"seed_resize":[32,64]}""")]
    [InlineData("Euler", """{"subseed":9,"subseed_strength":0.4,"batch_size":2}""", "euler",
        """{"variation_seed":9,"variation_strength":0.4,"count":2}""")]
    [InlineData("Euler", """{"s_churn":8}""", "euler", """{"s_churn":8}""")]
    [InlineData("Euler", """{"s_churn":8,"s_tmin":0.5,"s_tmax":6,"s_noise":1.02}""", "euler",
        """{"s_churn":8,"s_tmin":0.5,"s_tmax":6,"s_noise":1.02}""")]
    [InlineData("Euler a", """{"s_noise":0.9}""", "euler_ancestral", """{"s_noise":0.9}""")]
    [InlineData("Euler a", """{"override_settings":{"eta_noise_seed_delta":31337}}""", "euler_ancestral", """{"noise_seed_offset":31337}""")]
    [InlineData("Euler a", """{"eta":0.5}""", "euler_ancestral", """{"eta":0.5}""")]
    [InlineData("Euler a", """{"override_settings":{"eta_ancestral":0.5}}""", "euler_ancestral", """{"eta":0.5}""")]
    [InlineData("DDIM", """{"eta":0.7}""", "ddim", """{"eta":0.7}""")]
    [InlineData("DDIM", """{"override_settings":{"eta_ddim":0.7}}""", "ddim", """{"eta":0.7}""")]
    [InlineData("Euler", """{"override_settings":{"CLIP_stop_at_last_layers":2}}""", "euler", """{"clip_skip":1}""")]
    [InlineData("Euler a", """{"override_settings":{"randn_source":"CPU"}}""", "euler_ancestral", """{"noise_source":"torch_cpu"}""")]
    [InlineData("Euler", """{"sampler_name":"Euler Exponential"}""", "euler", """{"schedule":"exponential"}""")]
    [InlineData("Euler", """{"sampler_name":"DPM++ 2S a Karras","scheduler":"Automatic"}""", "dpmpp_2s_ancestral", """{"schedule":"karras"}""")]
    [InlineData("Euler", """{"sampler_name":"k_dpm_2_ka"}""", "dpm_2", """{"schedule":"karras"}""")]
    [InlineData("Euler", """{"scheduler":"SGMUniform"}""", "euler", """{"schedule":"sgm_uniform"}""")]
    public async Task Value_changes_the_picture_as_the_native_one(string sampler, string sent, string native, string values)
    {
        var pictures = await MadeAsync(Sent(sampler, sent));
        Assert.Equal(await NativeAsync(native, Of(values)), pictures);
        Assert.NotEqual((await MadeAsync(Sent(sampler, "{}")))[0], pictures[0]);
        Assert.Equal(pictures.Length, pictures.Distinct().Count());
    }

    [Theory]
    [InlineData("Euler", """{"seed_resize_from_w":32}""")]
    [InlineData("Euler", """{"seed_resize_from_w":-1,"seed_resize_from_h":-1}""")]
    [InlineData("Euler", """{"seed_resize_from_w":0,"seed_resize_from_h":0}""")]
    [InlineData("Euler", """{"seed_resize_from_w":32,"seed_resize_from_h":0}""")]
    [InlineData("Euler", """{"seed_resize_from_w":48,"seed_resize_from_h":48}""")]
    [InlineData("Euler", """{"subseed":9,"subseed_strength":0}""")]
    [InlineData("Euler", """{"s_churn":0,"s_tmin":0,"s_tmax":0,"s_noise":1,"eta":1}""")]
    [InlineData("Euler a", """{"override_settings":{"eta_noise_seed_delta":0}}""")]
    [InlineData("Euler a", """{"eta":1}""")]
    [InlineData("Euler a", """{"override_settings":{"randn_source":"NV"}}""")]
    [InlineData("Euler a", """{"override_settings":{"randn_source":"GPU","CLIP_stop_at_last_layers":1}}""")]
    [InlineData("Euler a", """{"scheduler":"Automatic"}""")]
    [InlineData("Euler", """{"sampler_name":null,"sampler_index":"Euler"}""")]
    [InlineData("Euler", """{"tiling":false,"hr_scale":1.5,"hr_prompt":"banana","denoising_strength":0.3}""")]
    public async Task Value_that_asks_for_nothing_changes_nothing(string sampler, string sent) =>
        Assert.Equal(await PixelsAsync(Sent(sampler, "{}")), await PixelsAsync(Sent(sampler, sent)));

    [Fact]
    public async Task Varied_pictures_of_a_batch_have_the_one_seed_and_the_next_subseed()
    {
        var both = await MadeAsync(Sent("Euler", """{"subseed":9,"subseed_strength":0.4,"batch_size":2}"""));
        Assert.Equal(await MadeAsync(Sent("Euler", """{"subseed":10,"subseed_strength":0.4}""")), both[1..]);
    }

    [Fact]
    public async Task Options_of_the_caller_count_until_they_are_taken_back()
    {
        var plain = await MadeAsync(Sent("Euler a", "{}"));
        foreach (var (option, native) in ((string, string)[])
            [
                ("""{"eta_noise_seed_delta":31337}""", """{"noise_seed_offset":31337}"""), ("""{"randn_source":"CPU"}""", """{"noise_source":"torch_cpu"}"""),
                ("""{"CLIP_stop_at_last_layers":2}""", """{"clip_skip":1}"""), ("""{"eta_ancestral":0.5}""", """{"eta":0.5}"""),
            ])
        {
            await SetAsync(option);
            var picture = await MadeAsync(Sent("Euler a", "{}"));
            Assert.Equal(await NativeAsync("euler_ancestral", Of(native)), picture);
            Assert.NotEqual(plain, picture);

            // A call's own settings stand over them.
            var settings = new JsonObject { [Of(option).First().Key] = null };
            Assert.Equal(plain, await MadeAsync(Sent("Euler a", new JsonObject { ["override_settings"] = settings }.ToJsonString())));
            await SetAsync(settings.ToJsonString());
        }
        Assert.Equal(plain, await MadeAsync(Sent("Euler a", "{}")));
    }

    private async Task SetAsync(string options)
    {
        var (status, text) = await server.Client.TryAsync(HttpMethod.Post, "/sdapi/v1/options", options);
        Assert.True(status == 200, text);
    }

    private static JsonObject Of(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonObject Sent(string sampler, string more)
    {
        var body = Of("""{"prompt":"red apple, 3d render","steps":4,"cfg_scale":3,"seed":7,"width":48,"height":48}""");
        body["sampler_name"] = sampler;
        foreach (var (name, value) in Of(more)) body[name] = value?.DeepClone();
        return body;
    }

    private async Task<string[]> MadeAsync(JsonObject sent) => (await server.Client.PostAsync("/sdapi/v1/txt2img", sent)).Hashes();

    /// <summary>Without what the file says of itself.</summary>
    private async Task<byte[]> PixelsAsync(JsonObject sent)
    {
        var answer = await server.Client.PostAsync("/sdapi/v1/txt2img", sent);
        return Imaging.PictureDecoder.Decode(Convert.FromBase64String((string)answer["images"]![0]!)).Pixels;
    }

    private Task<string[]> NativeAsync(string sampler, JsonObject more)
    {
        var body = Of("""
            {"prompt":"red apple, 3d render","negative_prompt":"","steps":4,"guidance_scale":3,"seed":7,"width":48,"height":48,
             "upscale":null,"quality":80,"compatibility":"a1111"}
            """);
        body["sampler"] = sampler;
        foreach (var (name, value) in more) body[name] = value?.DeepClone();
        return server.Client.NativeAsync("txt2img", body);
    }
}
