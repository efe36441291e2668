using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Endpoints;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Generation.Validation;

/// <summary>What families take, refuse and leave out of a request.</summary>
public sealed class FamilyFieldTests
{
    private static readonly ModelDescription Flow = ScriptedModels.Starter with
    {
        SamplerClass = "FlowMatchEulerDiscreteScheduler",
        SamplerConfig = new SamplerConfig { Shift = 3 },
        Strength = StrengthRule.RoundsUp,
        TextTokens = 256,
        Capabilities = new() { ExtraFields = ["max_text_tokens", "shift", "true_guidance_scale"] },
    };

    private readonly ScriptedModels models = new();

    [Fact]
    public void Guidance_that_is_an_input_costs_no_second_lane_and_says_what_it_leaves_out()
    {
        models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { EmbedsGuidance = true } };
        var order = Accepts("""{"prompt":"a","negative_prompt":"b","guidance_scale":8,"guidance_rescale":0.5}""");
        Assert.Equal((true, false, 1, 8.0), (order.Request.EmbedsGuidance, order.Request.IsGuided, order.Request.Lanes, order.Request.GuidanceScale));
        Assert.Equal(
            ["negative_prompt was not read: no second lane is run", "guidance_rescale was left out: no second lane is run"], order.Warnings);
    }

    [Theory]
    [InlineData("""{"prompt":"a","true_guidance_scale":2,"negative_prompt":"b"}""", 2, 0)]
    [InlineData("""{"prompt":"a","true_guidance_scale":2}""", 1, 1)]
    [InlineData("""{"prompt":"a","true_guidance_scale":1,"negative_prompt":"b"}""", 1, 1)]
    public void True_guidance_counts_with_a_negative_prompt(string body, int lanes, int warnings)
    {
        models.Models[0] = Flow with { Capabilities = Flow.Capabilities with { EmbedsGuidance = true } };
        var order = Accepts(body);
        Assert.Equal((lanes, warnings), (order.Request.Lanes, order.Warnings.Count));
    }

    [Fact]
    public void Text_tokens_are_the_model_s_unless_asked_for()
    {
        models.Models[0] = Flow;
        Assert.Equal(256, Accepts("""{"prompt":""}""").Request.MaxTextTokens);
        var asked = Accepts("""{"prompt":"","max_text_tokens":77,"shift":6}""").Request;
        Assert.Equal((77, 6.0), (asked.MaxTextTokens, asked.Shift));
        Assert.Equal("1…512", Assert.Single(Refuse("""{"prompt":"","max_text_tokens":513}""")).Limit);
        Assert.Equal("0.01…100", Assert.Single(Refuse("""{"prompt":"","shift":0}""")).Limit);
        Assert.Equal("1…30", Assert.Single(Refuse("""{"prompt":"","true_guidance_scale":0.5}""")).Limit);
    }

    [Fact]
    public void Sampler_without_a_rule_for_flow_models_is_refused_and_the_others_are_listed()
    {
        models.Models[0] = Flow;
        var fault = Assert.Single(Refuse("""{"prompt":"","sampler":"ddim"}"""));
        Assert.Equal(("sampler", "one of: euler, heun, dpmpp_2m, dpmpp_3m, dpmpp_2m_sde, dpmpp_3m_sde, dpmpp_2s, unipc, deis"), (fault.Field, fault.Limit));
        Assert.Equal("schedule", Assert.Single(Refuse("""{"prompt":"","schedule":"simple"}""")).Field);
        Assert.Equal("karras", Accepts("""{"prompt":"","schedule":"karras"}""").Request.Schedule);
    }

    [Fact]
    public void Model_that_reads_no_text_needs_no_prompt_and_takes_none()
    {
        models.Models[0] = ScriptedModels.Starter with { ReadsText = false };
        Assert.Equal("", Accepts("{}").Request.Prompt);
        Assert.Equal("", Accepts("""{"prompt":""}""").Request.Prompt);
        Assert.Equal(["prompt", "negative_prompt"], Refuse("""{"prompt":"a","negative_prompt":"b"}""").Select(fault => fault.Field));
    }

    [Fact]
    public void Class_conditional_model_needs_a_class_that_it_knows()
    {
        models.Models[0] = ScriptedModels.Starter with { ReadsText = false, Classes = 10, Capabilities = new() { ExtraFields = ["class_label"] } };
        Assert.Equal(7, Accepts("""{"class_label":7}""").Request.ClassLabel);
        Assert.Equal(("class_label", "0…9"), Assert.Single(Refuse("{}")) is var missing ? (missing.Field, missing.Limit) : default);
        Assert.Equal(("class_label", "0…9"), Assert.Single(Refuse("""{"class_label":10}""")) is var large ? (large.Field, large.Limit) : default);
    }

    [Fact]
    public void Distilled_sampler_of_a_latent_consistency_model_runs_all_steps_of_a_shorter_schedule()
    {
        var model = ScriptedModels.Starter with { Strength = StrengthRule.PicksTimesteps, SamplerClass = "LCMScheduler" };
        var change = new Engine.Jobs.PictureEdit { Picture = new("", 64, 64), Strength = 0.5 };
        Assert.Equal((StrengthRule.PicksTimesteps, 4), SamplingRules.Change(change, model, "lcm") is { } lcm ? (lcm.Rule, lcm.RunOf(4).Run) : default);
        Assert.Equal((StrengthRule.RoundsDown, 2), SamplingRules.Change(change, model, "ddim") is { } ddim ? (ddim.Rule, ddim.RunOf(4).Run) : default);
        Assert.Equal(0, SamplingRules.Change(change with { Strength = 0 }, model, "lcm")!.RunOf(4).Run);
    }

    [Fact]
    public void Strength_of_a_flow_model_rounds_up()
    {
        var change = new Engine.Jobs.PictureEdit { Picture = new("", 64, 64), Strength = 0.75 };
        Assert.Equal((7, 8), (change.RunOf(10).Run, SamplingRules.Change(change, Flow, null)!.RunOf(10).Run));
    }

    [Fact]
    public void ControlNets_come_with_their_pictures()
    {
        models.Models[0] = ScriptedModels.Starter with { TextWidth = 32, Capabilities = new() { ExtraFields = ["controls"] } };
        string first = $$"""{"model":"edges","image":"{{Image}}","weight":0.5,"end":0.8,"guess":true}""";
        string second = $$"""{"model":"edges","image":"{{Image}}"}""";
        var order = Accepts($$"""{"prompt":"","controls":[{{first}},{{second}}]}""");
        Assert.Equal(
            [("edges", 48, 32, 0.5, 0.0, 0.8, true), ("edges", 48, 32, 1, 0, 1, false)],
            order.Request.Controls!.Select(one => (one.Model, one.Picture.Width, one.Picture.Height, one.Weight, one.Start, one.End, one.Guess)));
        Assert.Equal(["controls.0.image", "controls.1.image"], order.Pictures.Select(picture => picture.Field.Name));
        Assert.Null(Accepts("""{"prompt":""}""").Request.Controls);
    }

    [Theory]
    [InlineData("""{"model":"nothing","image":"IMAGE"}""", "controls.0.model")]
    [InlineData("""{"model":"broken","image":"IMAGE"}""", "controls.0.model")]
    [InlineData("""{"model":"wide","image":"IMAGE"}""", "controls.0.model")]
    [InlineData("""{"model":"textless","image":"IMAGE"}""", "controls.0.model")]
    [InlineData("""{"model":"edges","image":"IMAGE","start":0.5,"end":0.2}""", "controls.0.end")]
    [InlineData("""{"model":"edges","image":"AAAA"}""", "controls.0.image")]
    [InlineData("""{"model":"edges"}""", "controls.0.image")]
    [InlineData("""{"model":"edges","image":"IMAGE","weight":3}""", "controls.0.weight")]
    [InlineData("""{"model":"edges","image":"IMAGE","mode":1}""", "controls.0")]
    [InlineData("7", "controls.0")]
    public void Wrong_ControlNet_is_named_by_its_place(string control, string field)
    {
        models.Models[0] = ScriptedModels.Starter with { TextWidth = 32, Capabilities = new() { ExtraFields = ["controls"] } };
        string body = $$"""{"prompt":"","controls":[{{control.Replace("IMAGE", Image, StringComparison.Ordinal)}}]}""";
        Assert.Equal(field, Assert.Single(Refuse(body)).Field);
    }

    [Fact]
    public void ControlNet_of_another_family_is_refused_with_both_named()
    {
        models.Models[0] = ScriptedModels.Starter with { TextWidth = 768, Capabilities = new() { ExtraFields = ["controls"] } };
        string body = $$"""{"prompt":"","controls":[{"model":"large","image":"{{Image}}"}]}""";
        Assert.Equal(
            "ControlNet 'large' reads texts of 2048 channels, as stable-diffusion-xl, and model 'starter' makes them of 768.",
            Assert.Single(Refuse(body)).Message);
    }

    [Fact]
    public void Parameters_repeat_controls_without_their_pictures()
    {
        models.Models[0] = ScriptedModels.Starter with { TextWidth = 32, Capabilities = new() { ExtraFields = ["controls"] } };
        string body = $$"""{"prompt":"","controls":[{"model":"edges","image":"{{Image}}","weight":0.5,"end":0.75,"guess":true}]}""";
        var told = JsonSerializer.SerializeToElement(new Parameters(Accepts(body).Request, null, ReturnMode.Data));
        Assert.Equal("""[{"model":"edges","weight":0.5,"start":0,"end":0.75,"guess":true}]""", told.GetProperty("controls").GetRawText());
        told = JsonSerializer.SerializeToElement(new Parameters(Accepts("""{"prompt":""}""").Request, null, ReturnMode.Data));
        Assert.False(told.TryGetProperty("controls", out _));
    }

    [Fact]
    public void Model_without_inputs_for_it_refuses_a_ControlNet()
    {
        var fault = Assert.Single(Refuse($$"""{"prompt":"","controls":[{"model":"edges","image":"{{Image}}"}]}"""));
        Assert.Equal(("controls", "Model 'starter' has no use for controls."), (fault.Field, fault.Message));
    }

    private static string Image { get; } = Convert.ToBase64String(TestPictures.Of(48, 32));

    private ValidOrder Accepts(string body) => Validate(body) is { Order: { } order } ? order : throw new InvalidOperationException("The request was refused.");

    private IReadOnlyList<Fault> Refuse(string body) => Validate(body).Failure?.Faults ?? throw new InvalidOperationException("The request was accepted.");

    private Validated Validate(string body)
    {
        var headers = new HeaderDictionary();
        using var request = new RequestBody(JsonDocument.Parse(body), []);
        return new GenerationValidation(
                models, new ScriptedUpscalers(), new ScriptedLoras(), new ScriptedEmbeddings(), new FixedSeeds(),
                new RequestLimits(), new WebhookRules(null), new AddedParts(new ScriptedControlNets()))
            .Validate(NativeOrder.Read(TaskSheet.Txt2Img, request, Accept.Parse(headers)!, headers).Order);
    }
}
