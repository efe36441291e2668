using System.Text.Json.Nodes;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>Fields of img2img that change a picture change it as the native API's do, to the byte, and the picture is another one than without them.</summary>
public sealed class PictureFieldTests(StarterServer server) : IClassFixture<StarterServer>
{
    private static readonly string Picture = Png(static (x, y) => [(byte)(x * 4), (byte)(y * 4), IsInside(x, y) ? (byte)220 : (byte)40]);
    private static readonly string Mask = Png(static (x, y) => IsInside(x, y) ? [255, 255, 255] : [0, 0, 0]);

    [Fact]
    public async Task Fill_area_and_side_of_a_mask_are_the_native_ones_and_each_counts()
    {
        var all = new List<string>();
        string[] fills = ["blur", "original", "noise", "zero"];
        for (int fill = 0; fill < fills.Length; fill++)
            foreach (bool onlyMasked in (bool[])[true, false])
                foreach (int invert in (int[])[0, 1])
                {
                    var sent = Sent();
                    (sent["mask"], sent["mask_blur"], sent["inpainting_fill"], sent["inpaint_full_res"]) = (Mask, 2, fill, onlyMasked);
                    (sent["inpaint_full_res_padding"], sent["inpainting_mask_invert"]) = (4, invert);
                    var native = Native();
                    (native["mask"], native["mask_blur"], native["fill"], native["area"]) = (Mask, 2, fills[fill], onlyMasked ? "masked" : "whole");
                    (native["padding"], native["mask_mode"]) = (4, invert == 1 ? "black" : "white");
                    var picture = await MadeAsync(sent);
                    Assert.Equal(await server.Client.NativeAsync("inpaint", native), picture);
                    all.Add(Assert.Single(picture));
                }
        Assert.Equal(all.Count, all.Distinct().Count());

        // What stands for absent values: filled, the masked part alone, without a border.
        var plain = Sent();
        plain["mask"] = Mask;
        var full = Native();
        (full["mask"], full["mask_blur"], full["fill"], full["area"], full["padding"], full["mask_mode"]) = (Mask, 4, "blur", "masked", 0, "white");
        Assert.Equal(await server.Client.NativeAsync("inpaint", full), await MadeAsync(plain));
    }

    [Fact]
    public async Task Picture_of_another_shape_is_fitted_as_natively()
    {
        var all = new List<string>();
        string[] fits = ["stretch", "crop", "pad"];
        for (int fit = 0; fit < fits.Length; fit++)
        {
            var (sent, native) = (Sent(), Native());
            (sent["width"], sent["height"], sent["resize_mode"]) = (48, 80, fit);
            (native["width"], native["height"], native["resize_mode"]) = (48, 80, fits[fit]);
            all.AddRange(await SameAsync(sent, native));
        }
        Assert.Equal(3, all.Distinct().Count());
    }

    [Theory]
    [InlineData("""{"initial_noise_multiplier":0.8}""", """{"noise_multiplier":0.8}""")]
    [InlineData("""{"denoising_strength":0.3}""", """{"strength":0.3}""")]
    [InlineData("""{"subseed":9,"subseed_strength":0.4,"batch_size":2}""", """{"variation_seed":9,"variation_strength":0.4,"count":2}""")]
    [InlineData("""{"seed_resize_from_w":32,"seed_resize_from_h":64}""", """{"seed_resize":[32,64]}""")]
    [InlineData("""{"override_settings":{"eta_noise_seed_delta":31337}}""", """{"noise_seed_offset":31337}""")]
    [InlineData("""{"eta":0.5}""", """{"eta":0.5}""")]
    [InlineData("""{"override_settings":{"CLIP_stop_at_last_layers":2}}""", """{"clip_skip":1}""")]
    [InlineData("""{"override_settings":{"randn_source":"CPU"}}""", """{"noise_source":"torch_cpu"}""")]
    public async Task Value_changes_the_picture_as_the_native_one(string sent, string native)
    {
        var (own, other) = (Sent(), Native());
        foreach (var (name, value) in JsonNode.Parse(sent)!.AsObject()) own[name] = value?.DeepClone();
        foreach (var (name, value) in JsonNode.Parse(native)!.AsObject()) other[name] = value?.DeepClone();
        var pictures = await SameAsync(own, other);
        Assert.NotEqual((await MadeAsync(Sent()))[0], pictures[0]);
    }

    [Fact]
    public async Task Infotext_of_a_picture_makes_it_again()
    {
        foreach (var more in (string[])
            [
                """{"sampler_name":"DPM++ 2M SDE","scheduler":"Exponential","subseed":9,"subseed_strength":0.4}""",
                """{"sampler_name":"Euler a","eta":0.7,"override_settings":{"eta_noise_seed_delta":31337,"randn_source":"CPU"}}""",
                """{"enable_hr":true,"hr_scale":1.5,"hr_upscaler":"Latent (bicubic)","hr_second_pass_steps":3,"denoising_strength":0.5,"hr_prompt":"a: b"}""",
                """{"sampler_name":"Euler","s_churn":4,"s_tmin":0.5,"s_tmax":6,"seed_resize_from_w":32,"seed_resize_from_h":64}""",
            ])
        {
            var sent = JsonNode.Parse("""
                {"prompt":"red (apple:1.2), \"3d\" render","negative_prompt":"blue","steps":4,"cfg_scale":3,"seed":7,"width":64,"height":64}
                """)!.AsObject();
            foreach (var (name, value) in JsonNode.Parse(more)!.AsObject()) sent[name] = value?.DeepClone();
            var made = await server.Client.PostAsync("/sdapi/v1/txt2img", sent);
            string text = (string)made.Info()["infotexts"]![0]!;
            var again = await server.Client.PostAsync("/sdapi/v1/txt2img", new JsonObject { ["infotext"] = text });
            Assert.Equal(made.Hashes(), again.Hashes());
            Assert.Empty(again.Info()["warnings"]!.AsArray());
            var other = await server.Client.PostAsync("/sdapi/v1/txt2img", new JsonObject { ["infotext"] = text, ["seed"] = 8 });
            Assert.NotEqual(made.Hashes(), other.Hashes());
            Assert.Equal(text.Replace("Seed: 7", "Seed: 8"), (string)other.Info()["infotexts"]![0]!);
        }

        var change = Sent();
        (change["mask"], change["mask_blur"], change["inpainting_fill"], change["inpaint_full_res_padding"]) = (Mask, 2, 2, 8);
        var repainted = await server.Client.PostAsync("/sdapi/v1/img2img", change);
        Assert.Equal(repainted.Hashes(), await MadeAsync(new JsonObject
        {
            ["infotext"] = (string)repainted.Info()["infotexts"]![0]!, ["init_images"] = new JsonArray(Picture), ["mask"] = Mask,
        }));
    }

    private async Task<string[]> SameAsync(JsonObject sent, JsonObject native)
    {
        var pictures = await MadeAsync(sent);
        Assert.Equal(await server.Client.NativeAsync("img2img", native), pictures);
        return pictures;
    }

    private async Task<string[]> MadeAsync(JsonObject sent) => (await server.Client.PostAsync("/sdapi/v1/img2img", sent)).Hashes();

    private static JsonObject Sent() => new()
    {
        ["prompt"] = "green apple", ["steps"] = 5, ["cfg_scale"] = 3, ["seed"] = 7, ["width"] = 64, ["height"] = 64, ["denoising_strength"] = 0.8,
        ["sampler_name"] = "Euler a", ["init_images"] = new JsonArray(Picture),
    };

    private static JsonObject Native() => new()
    {
        ["prompt"] = "green apple", ["negative_prompt"] = "", ["steps"] = 5, ["guidance_scale"] = 3, ["seed"] = 7, ["width"] = 64, ["height"] = 64,
        ["strength"] = 0.8, ["sampler"] = "euler_ancestral", ["image"] = Picture, ["resize_mode"] = "stretch", ["upscale"] = null, ["quality"] = 80,
        ["compatibility"] = "a1111",
    };

    private static bool IsInside(int x, int y) => (x - 26) * (x - 26) + (y - 34) * (y - 34) < 200;

    private static string Png(Func<int, int, byte[]> pixel)
    {
        var picture = Imaging.Picture.Blank(64, 64, 3);
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++) pixel(x, y).CopyTo(picture.Row(y)[(x * 3)..]);
        return Convert.ToBase64String(PictureEncoder.Encode(picture, PictureFormat.Png, 100, null));
    }
}
