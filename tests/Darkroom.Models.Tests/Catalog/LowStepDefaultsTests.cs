using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>Steps, guidance, sampler and schedule of models that were made for few steps, by what says that they are.</summary>
public sealed class LowStepDefaultsTests
{
    [Theory]
    [InlineData("sdxl_lightning_4step_lora", 4, 1.0, "euler", "sgm_uniform")]
    [InlineData("SDXL-Lightning 8 steps", 8, 1.0, "euler", "sgm_uniform")]
    [InlineData("Hyper-SDXL-8steps-lora", 8, 1.0, "ddim", "sgm_uniform")]
    [InlineData("Hyper-SD15-1step-lora", 1, 1.0, "tcd", "default")]
    [InlineData("Hyper-SD15-12steps-CFG-lora", 12, 6.0, "ddim", "sgm_uniform")]
    [InlineData("Hyper-FLUX.1-dev-16steps-lora", 16, 3.5, null, null)]
    [InlineData("Hyper-SD3-8steps-CFG-lora", 8, 5.0, null, null)]
    [InlineData("dmd2_sdxl_4step_lora_fp16", 4, 1.0, "lcm", "default")]
    [InlineData("lcm-lora-sdv1-5", 4, 1.0, "lcm", "default")]
    [InlineData("LCM_LoRA_SDXL", 4, 1.0, "lcm", "default")]
    [InlineData("TCD-SDXL-LoRA", 4, 1.0, "tcd", "default")]
    [InlineData("sd_xl_turbo_1.0_fp16", 4, 1.0, "euler_ancestral", "sgm_uniform")]
    [InlineData("sd_turbo", 4, 1.0, "euler_ancestral", "sgm_uniform")]
    public void A_name_tells_the_method(string name, long steps, double guidance, string? sampler, string? schedule)
    {
        var found = LowStepMethods.OfText(name)!;
        Assert.Equal((steps, guidance), ((long)found.Find(FieldTable.Steps)!, (double)found.Find(FieldTable.GuidanceScale)!));
        Assert.Equal(((object?)sampler, (object?)schedule), (found.Find(FieldTable.Sampler), found.Find(FieldTable.Schedule)));
    }

    [Theory]
    [InlineData("turbo_diesel_cars")]
    [InlineData("lightning_bolts")]
    [InlineData("hyperrealism-v2")]
    [InlineData("lightning at 30 steps")]
    [InlineData("lcmodel")]
    [InlineData("step by step")]
    [InlineData("")]
    public void A_word_alone_tells_nothing(string name) => Assert.Null(LowStepMethods.OfText(name));

    [Fact]
    public void Metadata_is_read_title_first()
    {
        var found = LowStepMethods.OfMetadata(new Dictionary<string, string> { ["ss_output_name"] = "Hyper-SDXL-2steps", ["modelspec.title"] = "LCM LoRA" })!;
        Assert.Equal("lcm", found.Find(FieldTable.Sampler));
        Assert.Null(LowStepMethods.OfMetadata(new Dictionary<string, string> { ["format"] = "pt", ["modelspec.title"] = "Crayons" }));
    }

    [Theory]
    [InlineData("LCMScheduler", "", 4, 1.0, null)]
    [InlineData("TCDScheduler", "", 4, 1.0, 0.3)]
    [InlineData("EulerAncestralDiscreteScheduler", ", \"timestep_spacing\": \"trailing\"", 4, 1.0, null)]
    [InlineData("EulerDiscreteScheduler", ", \"timestep_spacing\": \"trailing\"", 4, 1.0, null)]
    [InlineData("EulerDiscreteScheduler", ", \"timestep_spacing\": \"leading\"", null, null, null)]
    [InlineData("EulerDiscreteScheduler", ", \"timestep_spacing\": \"trailing\", \"rescale_betas_zero_snr\": true", null, null, null)]
    [InlineData("EulerDiscreteScheduler", ", \"timestep_spacing\": \"trailing\", \"prediction_type\": \"v_prediction\"", null, null, null)]
    [InlineData("DDIMScheduler", ", \"timestep_spacing\": \"trailing\"", null, null, null)]
    public void A_folders_scheduler_tells_the_method(string type, string options, int? steps, double? guidance, double? eta)
    {
        using var model = TestModel.Sd15().Write(
            "scheduler/scheduler_config.json", $$"""{ "_class_name": "{{type}}", "beta_schedule": "scaled_linear"{{options}} }""");
        var read = ModelFolder.Read(model.Path);
        Assert.Null(read.Fault);
        Assert.Equal(((long?)steps, guidance, eta),
            ((long?)read.Defaults.Find(FieldTable.Steps), (double?)read.Defaults.Find(FieldTable.GuidanceScale), (double?)read.Defaults.Find(FieldTable.Eta)));
        Assert.Null(read.Defaults.Find(FieldTable.Sampler)); // its class is the model's own
    }

    [Fact]
    public void A_card_has_the_last_word()
    {
        using var model = TestModel.Sd15().Write("scheduler/scheduler_config.json", """{ "_class_name": "LCMScheduler" }""")
            .Write("darkroom.json", """{ "defaults": { "steps": 6 } }""");
        var defaults = ModelFolder.Read(model.Path).Defaults;
        Assert.Equal((6L, 1.0), ((long)defaults.Find(FieldTable.Steps)!, (double)defaults.Find(FieldTable.GuidanceScale)!));
    }

    [Fact]
    public void A_model_with_guidance_as_an_input_keeps_its_familys_defaults()
    {
        var defaults = ModelFolder.Read(TestModel.SourceOf("lcm-tiny")).Defaults;
        Assert.Equal((4L, 8.5), ((long)defaults.Find(FieldTable.Steps)!, (double)defaults.Find(FieldTable.GuidanceScale)!));
    }
}
