using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Guidance;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Catalog;

public sealed class ModelFolderTests
{
    [Fact]
    public void The_starter_says_all_that_a_request_needs()
    {
        var model = ModelFolder.Read(TestModel.Starter);
        Assert.Null(model.Fault);
        Assert.Equal(("starter", "Darkroom Starter", "MIT", "stable-diffusion"), (model.Id, model.Title, model.Licence, model.Family));
        Assert.Equal((64, 16, 96), (model.NativeSize, model.SizeStep, model.MaxSize));
        Assert.Equal((8, 64, 32, 128), (model.LatentFactor, model.LatentChannels, model.TokenLength, model.TextWidth));
        Assert.Equal((1.0, 0.0), (model.Autoencoder.ScalingFactor, model.Autoencoder.ShiftFactor));
        Assert.Equal((20L, 2.5), (model.Defaults.Find(FieldTable.Steps), model.Defaults.Find(FieldTable.GuidanceScale)));
        Assert.Equal(new UpscaleChoice("realesr-animevideov3-x4", 4), model.Defaults.Find(FieldTable.Upscale));
        Assert.Equal(("DDIMScheduler", "v_prediction", "trailing"), (model.SamplerClass, model.Prediction, model.SamplerConfig.TimestepSpacing));
        Assert.Equal(64, model.Capabilities.DenoiserChannels);
        Assert.Equal(["txt2img", "img2img", "inpaint", "outpaint", "denoise", "classify", "likelihood", "features"], model.Tasks);
        Assert.Empty(model.Ignored);
        Assert.True(model.Created > new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(Directory.EnumerateFiles(TestModel.Starter, "model.onnx", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length),
            model.MemoryBytes);
    }

    [Fact]
    public void Sizes_of_a_folder_without_darkroom_json_come_from_the_configurations()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("sd15-tiny"));
        Assert.Null(model.Fault);
        Assert.Equal(("onnx", "onnx", null), (model.Id, model.Title, model.Licence));
        Assert.Equal((64, 32, 2048), (model.NativeSize, model.SizeStep, model.MaxSize)); // three levels
        Assert.Equal((4, 77, 32, 4), (model.LatentChannels, model.TokenLength, model.TextWidth, model.Capabilities.DenoiserChannels));
        Assert.Equal(0.18215, model.Autoencoder.ScalingFactor);
        Assert.Equal(("PNDMScheduler", "epsilon", 1), (model.SamplerClass, model.Prediction, model.SamplerConfig.StepsOffset));
    }

    [Fact]
    public void Stable_Diffusion_2_is_the_same_family_with_another_prediction_and_width()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("sd21-tiny"));
        Assert.Equal((null, "stable-diffusion", "v_prediction", 48, "DDIMScheduler"),
            (model.Fault, model.Family, model.Prediction, model.TextWidth, model.SamplerClass));
    }

    [Fact]
    public void An_old_export_without_configurations_gets_Stable_Diffusion_1s_values()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("sd15-tiny", "onnx-old"));
        Assert.Null(model.Fault);
        Assert.Equal((0.18215, 8, 4, 512, 64), (model.Autoencoder.ScalingFactor, model.LatentFactor, model.LatentChannels, model.NativeSize, model.SizeStep));
        Assert.Equal((77, (int?)null), (model.TokenLength, model.TextWidth));
    }

    [Fact]
    public void A_missing_scaling_factor_is_Stable_Diffusions_and_never_the_factor_of_the_sides()
    {
        using var folder = TestModel.Sd15().Set("vae_decoder/config.json", "scaling_factor", null);
        Assert.Equal(0.18215, folder.Read().Autoencoder.ScalingFactor);
    }

    [Fact]
    public void Shift_and_scale_of_the_autoencoder_are_read()
    {
        using var folder = TestModel.Sd15().Set("vae_decoder/config.json", "scaling_factor", "1.5305").Set("vae_decoder/config.json", "shift_factor", "0.0609");
        Assert.Equal(new AutoencoderScale { ScalingFactor = 1.5305, ShiftFactor = 0.0609 }, folder.Read().Autoencoder);
    }

    [Fact]
    public void The_text_encoders_positions_bound_the_tokenizers_length()
    {
        using var folder = TestModel.Sd15().Set("text_encoder/config.json", "max_position_embeddings", "64");
        Assert.Equal(64, folder.Read().TokenLength);
        folder.Set("tokenizer/tokenizer_config.json", "model_max_length", "32");
        Assert.Equal(32, folder.Read().TokenLength);
        folder.Set("tokenizer/tokenizer_config.json", "model_max_length", "1000000000000000019884624838656");
        Assert.Equal(64, folder.Read().TokenLength);
    }

    [Fact]
    public void A_model_without_an_encoder_still_draws_from_text()
    {
        using var folder = TestModel.Sd15();
        long all = folder.Read().MemoryBytes, encoder = new FileInfo(folder.File("vae_encoder/model.onnx")).Length;
        var model = folder.Delete("vae_encoder").Read();
        Assert.Equal((null, all - encoder), (model.Fault, model.MemoryBytes));
    }

    [Fact]
    public void Parts_that_are_not_used_are_listed_with_a_reason()
    {
        using var folder = TestModel.Sd15()
            .Set("model_index.json", "safety_checker", """["stable_diffusion", "StableDiffusionSafetyChecker"]""")
            .Set("model_index.json", "watermark", """["diffusers", "Watermark"]""")
            .Write("feature_extractor/preprocessor_config.json", "{}");
        Assert.Equal(
            ["feature_extractor: only a safety checker or an image encoder reads it", "safety_checker: pictures are not screened",
                "watermark: not a part of this family"],
            folder.Read().Ignored);
    }

    [Theory]
    [InlineData("StableDiffusionPipeline")]
    [InlineData("OnnxStableDiffusionPipeline")]
    [InlineData("ORTStableDiffusionPipeline")]
    [InlineData("StableDiffusionImg2ImgPipeline")]
    [InlineData("OnnxStableDiffusionInpaintPipelineLegacy")]
    public void Every_name_of_the_pipeline_is_the_family(string name)
    {
        using var folder = TestModel.Sd15().Set("model_index.json", "_class_name", $"\"{name}\"");
        Assert.Equal((null, "stable-diffusion"), (folder.Read().Fault, folder.Read().Family));
    }

    [Fact]
    public void A_folder_that_names_no_pipeline_is_known_by_its_parts()
    {
        using var folder = TestModel.Sd15().Set("model_index.json", "_class_name", null);
        Assert.Equal((null, "stable-diffusion"), (folder.Read().Fault, folder.Read().Family));
    }

    [Fact]
    public void Infinity_as_Python_writes_it_is_read()
    {
        using var folder = TestModel.Sd15().Write("scheduler/scheduler_config.json",
            """{ "_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "note": "a \"NaN\" in text, Infinity too" }""");
        Assert.Null(folder.Read().Fault);
        Assert.Equal(double.NegativeInfinity, folder.Read().SamplerConfig.LambdaMinClipped);
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault()
    {
        using var folder = TestModel.Sd15();
        folder.Write("model_index.json", "\ufeff" + File.ReadAllText(folder.File("model_index.json")));
        Assert.Null(folder.Read().Fault);
    }

    [Fact]
    public void Every_default_of_darkroom_json_is_read()
    {
        using var folder = TestModel.Sd15().Write("darkroom.json", """
            { "title": "T", "licence": "L", "notes": "N", "native_size": 128, "max_size": 256, "size_step": 8, "defaults": {
              "negative_prompt": "n", "width": 128, "height": 64, "steps": 12, "guidance_scale": 7.5, "guidance_rescale": 0.7, "guidance_interval": [0.1, 0.9],
              "sampler": "dpmpp_2m", "schedule": "karras", "eta": 0.5, "seed": 9007199254740990, "count": 2, "noise_source": "torch_cuda", "clip_skip": 1,
              "prompt_style": "plain", "compatibility": "diffusers", "format": "webp", "quality": 80, "bit_depth": 16, "metadata": false,
              "upscale": { "model": "u", "scale": 2 }, "return": "url", "priority": "high", "deadline": 30, "preview_every": 5, "strength": 0.5,
              "resize_mode": "pad", "mask_mode": "alpha", "mask_blur": 8, "mask_grow": 4, "fill": "noise", "area": "masked", "padding": 16, "feather": 24 } }
            """);
        var model = folder.Read();
        Assert.Null(model.Fault);
        Assert.Equal(("T", "L", "N", 128, 256, 8), (model.Title, model.Licence, model.Notes, model.NativeSize, model.MaxSize, model.SizeStep));
        // All but those that this family has no use for.
        Assert.Equal(FieldTable.All.Where(field => field is { ModelSets: true, NeedsCapability: false }).ToHashSet(), [.. model.Defaults.Fields]);
        Assert.Equal((9007199254740990L, new UpscaleChoice("u", 2)), (model.Defaults.Find(FieldTable.Seed), model.Defaults.Find(FieldTable.Upscale)));
        Assert.Equal(new GuidanceInterval(0.1, 0.9), model.Defaults.Find(FieldTable.GuidanceInterval));
    }

    [Fact]
    public void Null_in_darkroom_json_is_as_if_the_key_were_absent()
    {
        using var folder = TestModel.Sd15().Write("darkroom.json",
            """{ "title": null, "native_size": null, "defaults": { "steps": null, "upscale": null } }""");
        Assert.Equal((null, "model", 64), (folder.Read().Fault, folder.Read().Title, folder.Read().NativeSize));
    }

    [Fact]
    public void A_description_survives_a_round_trip_through_json()
    {
        var model = ModelFolder.Read(TestModel.Starter);
        var back = System.Text.Json.JsonSerializer.Deserialize<ModelDescription>(System.Text.Json.JsonSerializer.Serialize(model))!;
        Assert.Equal((model.Id, model.Autoencoder, model.Created, model.Defaults), (back.Id, back.Autoencoder, back.Created, back.Defaults));
    }

    [Fact]
    public void Weights_in_files_beside_the_graph_count_as_memory()
    {
        using var folder = TestModel.Sd15();
        long before = folder.Read().MemoryBytes - new FileInfo(folder.File("unet/model.onnx")).Length;
        folder.Write("unet/model.onnx", OnnxBytes.WithExternalData("model.onnx_data", 100, 28)).Write("unet/model.onnx_data", new byte[128]);
        Assert.Null(folder.Read().Fault);
        Assert.Equal(before + new FileInfo(folder.File("unet/model.onnx")).Length + 128, folder.Read().MemoryBytes);
        Assert.Contains("unet/model.onnx_data", ModelFiles.Of(folder.Path));
    }

    [Fact]
    public void A_network_for_inpainting_does_that_alone()
    {
        var model = ModelFolder.Read(Path.Combine(ConformancePack.PathOf("pipelines", "sd15-inpaint-tiny", "onnx")));
        Assert.Null(model.Fault);
        Assert.Equal(["inpaint", "outpaint"], model.Tasks);
        Assert.Equal(9, model.Capabilities.DenoiserChannels);
    }
}
