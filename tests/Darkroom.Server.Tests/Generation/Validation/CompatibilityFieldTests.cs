using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Endpoints;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Generation.Validation;

/// <summary>What compatibility sets and refuses, and the fields of noise.</summary>
public sealed class CompatibilityFieldTests
{
    private static readonly string Png = Convert.ToBase64String(Darkroom.Imaging.PictureEncoder.Encode(
        Darkroom.Imaging.Picture.Blank(64, 64, 3), Darkroom.Imaging.PictureFormat.Png, 90, null));

    private readonly ScriptedModels models = new();

    [Theory]
    [InlineData("""{"prompt":"","compatibility":"a1111"}""", NoiseSource.TorchCuda, PromptStyle.Weighted)]
    [InlineData("""{"prompt":"","compatibility":"comfyui"}""", NoiseSource.TorchCpu, PromptStyle.Comfyui)]
    [InlineData("""{"prompt":"","compatibility":"a1111","noise_source":"torch_cpu","prompt_style":"plain"}""", NoiseSource.TorchCpu, PromptStyle.Plain)]
    [InlineData("""{"prompt":""}""", NoiseSource.TorchCpu, PromptStyle.Weighted)]
    public void Compatibility_chooses_noise_and_grammar_unless_the_request_does(string body, NoiseSource source, PromptStyle style)
    {
        var request = Accepts(body).Request;
        Assert.Equal((source, style), (request.NoiseSource, request.PromptStyle));
    }

    [Fact]
    public void What_the_model_sets_stands_behind_a_request_for_compatibility_and_before_its_own()
    {
        models.Models[0] = ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "noise_source": "torch_cpu", "compatibility": "a1111" }""") };
        Assert.Equal(NoiseSource.TorchCpu, Accepts("""{"prompt":""}""").Request.NoiseSource);
        Assert.Equal(NoiseSource.TorchCuda, Accepts("""{"prompt":"","compatibility":"a1111"}""").Request.NoiseSource);
    }

    [Fact]
    public void Sampler_that_the_program_lacks_gives_way_where_the_model_chose_it()
    {
        models.Models[0] = ScriptedModels.Starter with { SamplerClass = "DEISMultistepScheduler", SamplerConfig = new SamplerConfig(), Defaults = new() };
        Assert.Equal("euler", Accepts("""{"prompt":"","compatibility":"a1111"}""").Request.Sampler);
        Assert.Equal("deis", Accepts("""{"prompt":""}""").Request.Sampler);
    }

    [Theory]
    [InlineData("a1111", "dpm_fast", null, 1.0)]
    [InlineData("comfyui", "dpm_fast", null, 0.0)]
    [InlineData("a1111", "dpmpp_2m_sde", 0.5, 0.5)]
    [InlineData("a1111", "euler_ancestral", null, 1.0)]
    [InlineData("a1111", "ddim", null, 0.0)]
    public void Eta_is_the_programs(string compatibility, string sampler, double? asked, double expected)
    {
        string eta = asked is { } value ? FormattableString.Invariant($",\"eta\":{value}") : "";
        Assert.Equal(expected, Accepts($$"""{"prompt":"","compatibility":"{{compatibility}}","sampler":"{{sampler}}"{{eta}}}""").Request.Eta);
    }

    [Theory]
    [InlineData("""{"prompt":"","compatibility":"a1111","sampler":"deis"}""", "sampler", "one of: euler, euler_ancestral")]
    [InlineData("""{"prompt":"","compatibility":"comfyui","sampler":"restart"}""", "sampler", "one of: euler, euler_ancestral")]
    [InlineData("""{"prompt":"","compatibility":"a1111","sampler":"ddim","schedule":"karras"}""", "schedule", "with ddim, one of: default")]
    [InlineData("""{"prompt":"","compatibility":"a1111","sampler":"euler","schedule":"linear_quadratic"}""", "schedule", "with euler, one of: default, karras")]
    [InlineData("""{"prompt":"","s_churn":1,"sampler":"heun"}""", "s_churn", "absent, or with one of: euler, edm_euler")]
    [InlineData("""{"prompt":"","s_tmin":1,"sampler":"dpmpp_2m","compatibility":"a1111"}""", "s_tmin", "absent, or with one of: euler, heun, dpm_2")]
    [InlineData("""{"prompt":"","s_noise":1,"sampler":"lms","compatibility":"a1111"}""", "s_noise", "absent, or with one of: euler, ")]
    [InlineData("""{"prompt":"","s_tmin":5,"s_tmax":2,"sampler":"euler"}""", "s_tmin", "at most s_tmax")]
    [InlineData("""{"prompt":"","s_churn":101,"sampler":"euler"}""", "s_churn", "0…100")]
    [InlineData("""{"prompt":"","s_tmax":0,"sampler":"euler"}""", "s_tmax", "above 0, at most 10000")]
    [InlineData("""{"prompt":"","s_noise":2.5,"sampler":"euler"}""", "s_noise", "0…2")]
    [InlineData("""{"prompt":"","variation_strength":1.5}""", "variation_strength", "0…1")]
    [InlineData("""{"prompt":"","variation_strength":1,"variation_seed":-2}""", "variation_seed", "0…9007199254740991, or -1")]
    [InlineData("""{"prompt":"","variation_strength":1,"variation_seed":9007199254740991,"count":2}""", "variation_seed", "0…9007199254740990 with count 2")]
    [InlineData("""{"prompt":"","seed_resize":[4,64]}""", "seed_resize", "two whole numbers of 8…16384")]
    [InlineData("""{"prompt":"","seed_resize":[64,16000]}""", "seed_resize", "at most ")]
    [InlineData("""{"prompt":"","noise_seed_offset":-1}""", "noise_seed_offset", "0…4294967295")]
    public void What_has_no_meaning_is_refused_by_name(string body, string field, string limit)
    {
        var fault = Assert.Single(Refuse(body));
        Assert.Equal(field, fault.Field);
        Assert.StartsWith(limit, fault.Limit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FlowMatchEulerDiscreteScheduler", true, "flow matching")]
    [InlineData("DDIMScheduler", false, "reads no text")]
    [InlineData("EDMEulerScheduler", true, "no training timesteps")]
    public void Model_that_the_programs_have_no_rules_for_is_refused_with_the_reason(string samplerClass, bool readsText, string reason)
    {
        models.Models[0] = ScriptedModels.Starter with { SamplerClass = samplerClass, SamplerConfig = new SamplerConfig(), ReadsText = readsText };
        Assert.Contains(Refuse("""{"prompt":"","compatibility":"a1111"}"""), fault =>
            fault is { Field: "compatibility", Limit: "diffusers" } && fault.Message.Contains(reason, StringComparison.Ordinal));
        Accepts("""{"prompt":""}""");
    }

    [Fact]
    public void Variation_seed_is_drawn_and_told_where_it_is_asked_for()
    {
        var request = Accepts("""{"prompt":"","variation_strength":0.3,"count":3,"seed":9007199254740991}""").Request;
        Assert.NotNull(request.VariationSeed);
        Assert.Equal([request.Seed, request.Seed, request.Seed], Enumerable.Range(0, 3).Select(request.SeedOf));
        Assert.Equal([request.VariationSeed, request.VariationSeed + 1, request.VariationSeed + 2], Enumerable.Range(0, 3).Select(request.VariationSeedOf));

        var idle = Accepts("""{"prompt":"","variation_seed":5,"count":2,"seed":7}""");
        Assert.Null(idle.Request.VariationSeed);
        Assert.Equal([7L, 8L], Enumerable.Range(0, 2).Select(idle.Request.SeedOf));
        Assert.Equal(["variation_seed was left out: variation_strength is 0"], idle.Warnings);
    }

    [Theory]
    [InlineData("""{"compatibility":"a1111","strength":0.6}""", StrengthRule.A1111, 20, 7, 13)]
    [InlineData("""{"compatibility":"a1111","strength":1}""", StrengthRule.A1111, 20, 0, 20)]
    [InlineData("""{"compatibility":"a1111","strength":0}""", StrengthRule.A1111, 20, 19, 1)]
    [InlineData("""{"compatibility":"a1111","strength":0.5,"all_steps":true}""", StrengthRule.A1111AllSteps, 40, 20, 20)]
    [InlineData("""{"compatibility":"comfyui","strength":0.5}""", StrengthRule.Comfyui, 40, 20, 20)]
    [InlineData("""{"compatibility":"comfyui","strength":0.5,"all_steps":false}""", StrengthRule.RoundsDown, 20, 10, 10)]
    [InlineData("""{"strength":0.5}""", StrengthRule.RoundsDown, 20, 10, 10)]
    public void Strength_is_the_programs(string fields, StrengthRule rule, int schedule, int first, int run)
    {
        var request = Accepts($$"""{"prompt":"","steps":20,"image":"{{Png}}",{{fields[1..]}}""", TaskSheet.Img2Img).Request;
        Assert.Equal(rule, request.Edit!.Rule);
        Assert.Equal(new ImageToImageSteps(schedule, first, run), request.Run);
    }

    [Theory]
    [InlineData("""{"all_steps":true}""", "all_steps")]
    [InlineData("""{"compatibility":"a1111","all_steps":true,"strength":0.0001}""", "strength")]
    [InlineData("""{"compatibility":"a1111","all_steps":true,"strength":0}""", "strength")]
    public void All_steps_need_a_program_and_a_schedule_that_can_be_made(string fields, string field) =>
        Assert.Equal(field, Assert.Single(Refuse($$"""{"prompt":"","steps":20,"image":"{{Png}}",{{fields[1..]}}""", TaskSheet.Img2Img)).Field);

    [Fact]
    public void Empty_negative_prompt_is_none_to_A1111_and_none_is_empty_to_ComfyUi()
    {
        Assert.Null(Accepts("""{"prompt":"","negative_prompt":"","compatibility":"a1111"}""").Request.NegativePrompt);
        Assert.Equal("", Accepts("""{"prompt":"","compatibility":"comfyui"}""").Request.NegativePrompt);
        Assert.Equal("", Accepts("""{"prompt":"","negative_prompt":""}""").Request.NegativePrompt);
    }

    private ValidOrder Accepts(string body, TaskSheet? sheet = null)
    {
        var validated = Validate(body, sheet);
        Assert.True(validated.Order is not null, string.Join("; ", validated.Failure?.Faults?.Select(fault => fault.Message) ?? []));
        return validated.Order;
    }

    private IReadOnlyList<Fault> Refuse(string body, TaskSheet? sheet = null) =>
        Validate(body, sheet).Failure?.Faults ?? throw new InvalidOperationException("The request was accepted.");

    private Validated Validate(string body, TaskSheet? sheet)
    {
        var headers = new HeaderDictionary();
        using var request = new RequestBody(JsonDocument.Parse(body), []);
        return new GenerationValidation(
                models, new ScriptedUpscalers(), new ScriptedLoras(), new ScriptedEmbeddings(), new FixedSeeds(), new RequestLimits(), new WebhookRules(null))
            .Validate(NativeOrder.Read(sheet ?? TaskSheet.Txt2Img, request, Accept.Parse(headers)!, headers).Order);
    }
}
