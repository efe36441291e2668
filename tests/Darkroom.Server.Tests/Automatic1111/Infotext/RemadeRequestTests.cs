using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.Models.Catalog;
using Darkroom.Server.Automatic1111.Infotext;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Automatic1111.Infotext;

public sealed class RemadeRequestTests
{
    [Fact]
    public void A_text_of_A1111_becomes_the_native_request()
    {
        var request = Of(
            "a (fox:1.2), Steps: of stone\n<lora:crayons:0.8>\nNegative prompt: ugly,\nblurred\nSteps: 25, Sampler: DPM++ 2M, Schedule type: Karras, "
            + "CFG scale: 6.5, Seed: 42, Size: 512x768, Model hash: aabbccddee, Model: renamed, Clip skip: 2, RNG: CPU, "
            + "Lora hashes: \"crayons: 001122334455\", TI hashes: \"bad: 0011\", Version: v1.10.1");
        Assert.Equal(GenerationTask.Txt2img, request.Task);
        Assert.Equal(
            """{"prompt":"a (fox:1.2), Steps: of stone\n<lora:crayons:0.8>","negative_prompt":"ugly,\nblurred","model":"starter","width":512,"height":768,"""
            + """ "compatibility":"a1111","steps":25,"guidance_scale":6.5,"sampler":"dpmpp_2m","schedule":"karras","seed":42,"""[1..]
            + """ "noise_source":"torch_cpu","clip_skip":1,"upscale":null}"""[1..], Plain(request.Fields));
        Assert.Empty(request.Missing);
        Assert.Empty(request.Unused);
    }

    [Fact]
    public void What_is_absent_is_what_A1111_has_there()
    {
        var fields = Of("a fox\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x64").Fields;
        Assert.Equal(("a1111", "torch_cuda", "default", "euler_ancestral", ""), ((string?)fields["compatibility"], (string?)fields["noise_source"],
            (string?)fields["schedule"], (string?)fields["sampler"], (string?)fields["negative_prompt"]));
        Assert.False(fields.ContainsKey("clip_skip"));
        Assert.True(fields.ContainsKey("upscale"));
    }

    [Fact]
    public void The_second_pass_and_older_names_are_read()
    {
        var request = Of(
            "a fox\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 1, Size: 64x64, Denoising strength: 0.6, Hires upscale: 1.5, Hires steps: 10, "
            + "Hires upscaler: Latent (bicubic), Hires prompt: \"a: b, c\", Hires sampler: Euler");
        Assert.Equal(("dpmpp_2m", "karras"), ((string?)request.Fields["sampler"], (string?)request.Fields["schedule"]));
        Assert.Equal("""{"scale":1.5,"steps":10,"strength":0.6,"prompt":"a: b, c","sampler":"euler","upscaler":"latent_bicubic"}""",
            Plain(request.Fields["hires"]!.AsObject()));
        Assert.Empty(request.Unused);
        var size = Of("a\nSteps: 2, Sampler: Euler, Seed: 1, Size: 64x64, Denoising strength: 0.5, Hires resize: 128x0, Hires upscaler: SwinIR_4x");
        Assert.Equal(128, (int?)size.Fields["hires"]!["width"]);
        Assert.Equal("hires.upscaler: 'SwinIR_4x' is not on this server", Assert.Single(size.Missing));
    }

    [Fact]
    public void Pictures_that_the_file_does_not_hold_are_named_as_missing()
    {
        var request = Of(
            "a fox\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512, Denoising strength: 0.4, Mask blur: 8, Mask mode: Inpaint not masked, "
            + "Masked content: latent noise, Inpaint area: Only masked, Masked area padding: 16, "
            + "ControlNet 0: \"Module: canny, Model: control_v11p [d14c016b], Weight: 1\"");
        Assert.Equal(GenerationTask.Inpaint, request.Task);
        var fields = request.Fields;
        Assert.Equal((0.4, "black", 8.0, "noise", "masked", 16L), ((double?)fields["strength"], (string?)fields["mask_mode"], (double?)fields["mask_blur"],
            (string?)fields["fill"], (string?)fields["area"], (long?)fields["padding"]));
        Assert.Equal(3, request.Missing.Count);
        Assert.Equal(["image", "mask", "controls"], request.Missing.Select(sentence => sentence.Split(':')[0]));
        Assert.Equal(GenerationTask.Img2img, Of("a\nSteps: 2, Sampler: Euler, Seed: 1, Size: 64x64, Denoising strength: 0.5").Task);
    }

    [Fact]
    public void Fields_that_nothing_is_made_of_are_listed()
    {
        var request = Of(
            "a fox\nSteps: 20, Sampler: Euler SMEA, Schedule type: Turbo, CFG scale: 7, Seed: 1, Size: 64x64, Model: other, Model hash: 0123456789, "
            + "ADetailer model: face_yolov8n.pt, ADetailer prompt: \"a face, sharp\", ADetailer model 2nd: hand_yolov8n.pt, ADetailer version: 24.5, "
            + "Token merging ratio: 0.5, VAE: mine.safetensors");
        Assert.Equal(["Sampler", "Schedule type", "ADetailer model", "ADetailer prompt", "ADetailer model 2nd", "ADetailer version", "Token merging ratio"],
            request.Unused.Keys);
        Assert.Equal("a face, sharp", request.Unused["ADetailer prompt"]);
        Assert.Equal(["model: 'other' [0123456789] is not on this server", "vae: 'mine.safetensors' is not on this server"], request.Missing);
        Assert.False(request.Fields.ContainsKey("model"));
    }

    [Fact]
    public void Forge_and_SD_Next_are_read()
    {
        var forge = Of("a\nSteps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 1, Size: 64x64, Version: f2.0.1");
        Assert.Equal((3.5, "simple"), ((double?)forge.Fields["guidance_scale"], (string?)forge.Fields["schedule"]));
        Assert.False(forge.Fields.ContainsKey("negative_prompt"));
        Assert.False(forge.Fields.ContainsKey("true_guidance_scale"));
        var next = Of("a\nSteps: 20, Size: 64x64, Sampler: UniPC, Seed: 3, CFG scale: 6, App: SD.Next, Version: 5f1e8a1, Pipeline: StableDiffusionPipeline");
        Assert.Equal(("unipc", 3L), ((string?)next.Fields["sampler"], (long?)next.Fields["seed"]));
        Assert.Empty(next.Unused);
    }

    [Theory]
    [InlineData("x", "\"x\"")]
    [InlineData("True", "true")]
    public void Seeds_noise_and_edges_are_read(string tiling, string native)
    {
        var request = Of(
            "a\nSteps: 20, Sampler: Euler, Seed: 1, Size: 64x64, Variation seed: 7, Variation seed strength: 0.25, Seed resize from: 80x64, ENSD: 31337, "
            + $"Tiling: {tiling}, Sigma churn: 2, Sigma noise: 1.1");
        var fields = request.Fields;
        Assert.Equal(
            (7L, 0.25, "[80,64]", 31337L, native, 2.0, 1.1),
            ((long)fields["variation_seed"]!, (double)fields["variation_strength"]!, fields["seed_resize"]!.ToJsonString(), (long)fields["noise_seed_offset"]!,
                fields["tiling"]!.ToJsonString(), (double)fields["s_churn"]!, (double)fields["s_noise"]!));
        Assert.Empty(request.Unused);
    }

    [Fact]
    public void Templates_behind_the_fields_are_no_prompt()
    {
        var request = Of(
            "a red fox\nNegative prompt: ugly\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 64x64\n"
            + "Template: a {red|blue} fox,\nSteps: none\nNegative Template: {ugly|bad}");
        Assert.Equal(
            ("a red fox", "ugly", 20L),
            ((string?)request.Fields["prompt"], (string?)request.Fields["negative_prompt"], (long?)request.Fields["steps"]));
        Assert.Empty(request.Unused);
        var parsed = ParametersText.Parse("Template: x\nSteps: 20, Sampler: Euler, Seed: 1\nTemplate: a\nb");
        Assert.Equal(("Template: x", "a\nb"), (parsed.Prompt, parsed.Fields["Template"]));
        Assert.Equal("a\nTemplate: b", ParametersText.Parse("a\nTemplate: b").Prompt);
    }

    [Theory]
    [InlineData("a fox")]
    [InlineData("")]
    [InlineData("a fox\nSteps: 20, Sampler: Euler")]
    public void A_file_that_says_of_no_generation_has_no_request(string text) => Assert.Null(Try(text));

    [Fact]
    public void Hostile_values_are_not_used()
    {
        var request = Of("a\nSteps: 1e9, Sampler: Euler, CFG scale: NaN, Seed: 99999999999999999999999, Size: 99999999x1, Clip skip: x, Eta: Infinity");
        Assert.Equal(["Steps", "CFG scale", "Seed", "Clip skip", "Eta"], request.Unused.Keys);
        Assert.False(request.Fields.ContainsKey("seed"));
    }

    [Fact]
    public void A_model_of_the_name_with_other_contents_is_told()
    {
        var request = Of("a\nSteps: 1, Sampler: Euler, Seed: 1, Size: 64x64, Model: starter, Model hash: 0123456789");
        Assert.Equal("starter", (string?)request.Fields["model"]);
        Assert.Equal("model: 'starter' has other contents than the one that made the picture [0123456789]", Assert.Single(request.Missing));
    }

    private static RemadeRequest Of(string text)
    {
        var request = Try(text.ReplaceLineEndings("\n"));
        Assert.NotNull(request);
        return request;
    }

    private static RemadeRequest? Try(string text)
    {
        var file = PictureEncoder.Encode(Picture.Blank(8, 8, 3), PictureFormat.Png, 90, text);
        var parts = new RemadeParts(new ScriptedModels(), null, new ScriptedLoras(), new ScriptedUpscalers());
        return RemadeRequest.Of(PictureMetadata.Read(file), PictureFormat.Png, parts);
    }

    private static string Plain(JsonObject json) =>
        json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
