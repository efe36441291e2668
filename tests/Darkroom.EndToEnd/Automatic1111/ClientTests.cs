using System.Text.Json.Nodes;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>What published clients of AUTOMATIC1111's API call, in their order, with the fields that they send; and what they read of each answer.</summary>
public sealed class ClientTests(StarterServer server) : IClassFixture<StarterServer>
{
    private static readonly string Picture = Convert.ToBase64String(PlainPicture.Png(64, 64));

    private HttpClient Client => server.Client;

    /// <summary>mix1009/sdwebuiapi, <c>webuiapi.py</c>.</summary>
    [Fact]
    public async Task Sdwebuiapi_lists_chooses_a_model_and_makes_changes_and_enlarges_pictures()
    {
        foreach (string list in (string[])
            [
                "samplers", "schedulers", "sd-models", "sd-vae", "upscalers", "latent-upscale-modes", "loras", "hypernetworks", "face-restorers",
                "realesrgan-models", "prompt-styles",
            ])
            Assert.IsType<JsonArray>(await Client.ReadAsync("/sdapi/v1/" + list));
        foreach (string one in (string[])["cmd-flags", "embeddings", "memory", "scripts", "options"])
            Assert.IsType<JsonObject>(await Client.ReadAsync("/sdapi/v1/" + one));

        // util_set_model: the nearest title into the options, then progress until nothing runs.
        var titles = (await Client.ReadAsync("/sdapi/v1/sd-models")).AsArray().Select(model => (string)model!["title"]!).ToArray();
        await Client.TryAsync(HttpMethod.Post, "/sdapi/v1/options", new JsonObject { ["sd_model_checkpoint"] = titles[0] }.ToJsonString());
        var progress = await Client.ReadAsync("/sdapi/v1/progress");
        Assert.Equal((0, 0), ((int)progress["progress"]!, (int)progress["state"]!["job_count"]!));

        var txt = await Client.PostAsync("/sdapi/v1/txt2img", new JsonObject
        {
            ["enable_hr"] = false, ["hr_scale"] = 2, ["hr_upscaler"] = "Latent", ["hr_second_pass_steps"] = 0, ["hr_resize_x"] = 0, ["hr_resize_y"] = 0,
            ["hr_checkpoint_name"] = null, ["hr_sampler_name"] = null, ["hr_scheduler"] = null, ["hr_prompt"] = "", ["hr_negative_prompt"] = "",
            ["denoising_strength"] = 0.7, ["firstphase_width"] = 0, ["firstphase_height"] = 0, ["prompt"] = "apple", ["styles"] = new JsonArray(),
            ["seed"] = -1, ["subseed"] = -1, ["subseed_strength"] = 0.0, ["seed_resize_from_h"] = 0, ["seed_resize_from_w"] = 0, ["batch_size"] = 1,
            ["n_iter"] = 1, ["steps"] = 2, ["cfg_scale"] = 7.0, ["width"] = 64, ["height"] = 64, ["restore_faces"] = false, ["tiling"] = false,
            ["do_not_save_samples"] = false, ["do_not_save_grid"] = false, ["negative_prompt"] = "", ["eta"] = 1.0, ["s_churn"] = 0, ["s_tmax"] = 0,
            ["s_tmin"] = 0, ["s_noise"] = 1, ["override_settings"] = new JsonObject(), ["override_settings_restore_afterwards"] = true,
            ["sampler_name"] = "Euler a", ["scheduler"] = "Automatic", ["script_name"] = null, ["script_args"] = new JsonArray(), ["send_images"] = true,
            ["save_images"] = false, ["alwayson_scripts"] = new JsonObject(), ["sampler_index"] = "Euler a", ["use_deprecated_controlnet"] = false,
        });
        var seed = (long)txt.Info()["seed"]!;
        Assert.Contains($"Seed: {seed}", (string)txt.Info()["infotexts"]![0]!);
        var img = await Client.PostAsync("/sdapi/v1/img2img", new JsonObject
        {
            ["init_images"] = new JsonArray(Picture), ["resize_mode"] = 0, ["denoising_strength"] = 0.75, ["mask_blur"] = 4, ["inpainting_fill"] = 0,
            ["inpaint_full_res"] = true, ["inpaint_full_res_padding"] = 0, ["inpainting_mask_invert"] = 0, ["initial_noise_multiplier"] = 1,
            ["prompt"] = "apple", ["styles"] = new JsonArray(), ["seed"] = 3, ["subseed"] = -1, ["subseed_strength"] = 0, ["seed_resize_from_h"] = 0,
            ["seed_resize_from_w"] = 0, ["batch_size"] = 1, ["n_iter"] = 1, ["steps"] = 2, ["cfg_scale"] = 7.0, ["image_cfg_scale"] = 1.5, ["width"] = 64,
            ["height"] = 64, ["restore_faces"] = false, ["tiling"] = false, ["negative_prompt"] = "", ["eta"] = 1.0, ["s_churn"] = 0, ["s_tmax"] = 0,
            ["s_tmin"] = 0, ["s_noise"] = 1, ["override_settings"] = new JsonObject(), ["sampler_name"] = "Euler a", ["include_init_images"] = false,
            ["script_args"] = new JsonArray(), ["send_images"] = true, ["save_images"] = false, ["alwayson_scripts"] = new JsonObject(),
        });
        Assert.Single(img.Hashes());
        var info = await Client.PostAsync("/sdapi/v1/png-info", new JsonObject { ["image"] = (string)txt["images"]![0]! });
        Assert.Equal((string)txt.Info()["infotexts"]![0]!, (string)info["info"]!);
        var upscaler = (string)(await Client.ReadAsync("/sdapi/v1/upscalers"))[1]!["name"]!;
        var larger = await Client.PostAsync("/sdapi/v1/extra-single-image", new JsonObject
        {
            ["resize_mode"] = 0, ["show_extras_results"] = true, ["gfpgan_visibility"] = 0, ["codeformer_visibility"] = 0, ["codeformer_weight"] = 0,
            ["upscaling_resize"] = 2, ["upscaling_resize_w"] = 512, ["upscaling_resize_h"] = 512, ["upscaling_crop"] = true, ["upscaler_1"] = upscaler,
            ["upscaler_2"] = "None", ["extras_upscaler_2_visibility"] = 0, ["upscale_first"] = false, ["image"] = Picture,
        });
        Assert.NotEmpty((string)larger["image"]!);
        await Client.PostAsync("/sdapi/v1/interrupt", new JsonObject());
        await Client.PostAsync("/sdapi/v1/skip", new JsonObject());
        Assert.Equal(200, (await Client.TryAsync(HttpMethod.Post, "/sdapi/v1/refresh-checkpoints", "{}")).Status);
    }

    /// <summary>SillyTavern, <c>src/endpoints/stable-diffusion.js</c>.</summary>
    [Fact]
    public async Task SillyTavern_pings_lists_chooses_a_model_and_makes_a_picture()
    {
        await Client.ReadAsync("/sdapi/v1/options");
        Assert.NotEmpty((await Client.ReadAsync("/sdapi/v1/upscalers")).AsArray().Select(one => (string)one!["name"]!));
        Assert.Equal("Latent", (await Client.ReadAsync("/sdapi/v1/latent-upscale-modes")).AsArray().Select(one => (string)one!["name"]!).First());
        await Client.ReadAsync("/sdapi/v1/sd-vae");
        Assert.Contains("Euler a", (await Client.ReadAsync("/sdapi/v1/samplers")).AsArray().Select(one => (string)one!["name"]!));
        Assert.Contains("karras", (await Client.ReadAsync("/sdapi/v1/schedulers")).AsArray().Select(one => (string)one!["name"]!));
        string title = (string)(await Client.ReadAsync("/sdapi/v1/sd-models"))[0]!["title"]!;
        Assert.Equal(200, (await Client.TryAsync(HttpMethod.Post, "/sdapi/v1/options", $$"""{"sd_model_checkpoint":"{{title}}"}""")).Status);
        Assert.Equal(title, (string)(await Client.ReadAsync("/sdapi/v1/options"))["sd_model_checkpoint"]!);
        var progress = await Client.ReadAsync("/sdapi/v1/progress");
        Assert.True((double)progress["progress"]! == 0 && (int)progress["state"]!["job_count"]! == 0); // it waits ten times for this
        var answer = await Client.PostAsync("/sdapi/v1/txt2img", new JsonObject
        {
            ["prompt"] = "apple", ["negative_prompt"] = "blue", ["sampler_name"] = "Euler a", ["scheduler"] = "karras", ["steps"] = 2, ["cfg_scale"] = 7,
            ["width"] = 64, ["height"] = 64, ["restore_faces"] = false, ["enable_hr"] = false, ["hr_upscaler"] = "Latent", ["hr_scale"] = 2,
            ["hr_additional_modules"] = new JsonArray(), ["denoising_strength"] = 0.7, ["hr_second_pass_steps"] = 0, ["seed"] = 5,
            ["override_settings"] = new JsonObject { ["CLIP_stop_at_last_layers"] = 1, ["sd_vae"] = "Automatic" },
            ["override_settings_restore_afterwards"] = true, ["clip_skip"] = 1, ["save_images"] = true, ["send_images"] = true, ["do_not_save_grid"] = false,
            ["do_not_save_samples"] = false,
        });
        Assert.Single(answer.Hashes());
    }

    /// <summary>SwarmUI, <c>AutoWebUIAPIAbstractBackend.cs</c>.</summary>
    [Fact]
    public async Task SwarmUI_reads_the_model_without_its_hash_and_makes_and_changes_pictures()
    {
        await Client.ReadAsync("/sdapi/v1/samplers");
        string current = (string)(await Client.ReadAsync("/sdapi/v1/options"))["sd_model_checkpoint"]!;
        string name = current.Contains(" [") ? current[..current.LastIndexOf(" [", StringComparison.Ordinal)] : current;
        Assert.Contains((await Client.ReadAsync("/sdapi/v1/sd-models")).AsArray(), model => ((string)model!["title"]!).StartsWith(name));
        Assert.Equal(200, (await Client.TryAsync(HttpMethod.Post, "/sdapi/v1/options", $$"""{"sd_model_checkpoint":"{{name}}"}""")).Status);
        JsonObject Sent() => new()
        {
            ["prompt"] = "apple", ["negative_prompt"] = "", ["seed"] = 5, ["steps"] = 2, ["width"] = 64, ["height"] = 64, ["batch_size"] = 1,
            ["cfg_scale"] = 7, ["subseed"] = 9, ["subseed_strength"] = 0.5, ["sampler_name"] = "Euler",
        };
        var varied = await Client.PostAsync("/sdapi/v1/txt2img", Sent());
        var plain = Sent();
        plain["subseed_strength"] = 0;
        Assert.NotEqual((await Client.PostAsync("/sdapi/v1/txt2img", plain)).Hashes(), varied.Hashes());
        Assert.Equal((5, 9), ((int)varied.Info()["seed"]!, (int)varied.Info()["subseed"]!));
        var change = Sent();
        (change["init_images"], change["denoising_strength"]) = (new JsonArray(Picture), 0.6);
        Assert.Single((await Client.PostAsync("/sdapi/v1/img2img", change)).Hashes());
    }

    /// <summary>StabilityMatrix, <c>IA3WebApi.cs</c>: it sends a body with GET.</summary>
    [Fact]
    public async Task StabilityMatrix_pings_makes_a_picture_and_asks_for_progress_with_a_body()
    {
        await Client.ReadAsync("/internal/ping");
        Assert.Single((await Client.PostAsync("/sdapi/v1/txt2img", new JsonObject
        {
            ["prompt"] = "apple", ["steps"] = 2, ["width"] = 64, ["height"] = 64, ["seed"] = 1, ["cfg_scale"] = 5, ["sampler_name"] = "Euler a",
        })).Hashes());
        var progress = await Client.ReadAsync("/sdapi/v1/progress", new JsonObject { ["skip_current_image"] = true });
        Assert.Equal(0, (double)progress["progress"]!);
        var options = await Client.ReadAsync("/sdapi/v1/options");
        Assert.Equal(200, (await Client.TryAsync(HttpMethod.Post, "/sdapi/v1/options", options.ToJsonString())).Status);
    }
}
