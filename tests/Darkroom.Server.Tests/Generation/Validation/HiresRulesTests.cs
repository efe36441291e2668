using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Graphs;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Generation.Validation;

/// <summary>The second pass and the wrapping round of a request: what they resolve to, and what is refused by name.</summary>
public sealed class HiresRulesTests
{
    private static readonly ModelDescription Model = ScriptedModels.Starter with
    {
        NativeSize = 512, SizeStep = 64, MaxSize = 2048, Capabilities = new() { Lora = true, ExtraFields = ["hires", "tiling", "controls"] }, TextWidth = 32,
    };

    private readonly ScriptedModels models = new() { Models = { [0] = Model } };

    [Theory]
    [InlineData("{}", 1024, 1024, "latent", 20, 0.7, 14)]
    [InlineData("""{"scale":1.5,"steps":10,"strength":0.5,"upscaler":"Latent (bicubic antialiased)"}""", 768, 768, "latent_bicubic_antialiased", 10, 0.5, 5)]
    [InlineData("""{"width":640}""", 640, 640, "latent", 20, 0.7, 14)]
    [InlineData("""{"width":640,"height":768}""", 640, 768, "latent", 20, 0.7, 14)]
    [InlineData("""{"scale":2,"upscaler":"unprobed","strength":0}""", 1024, 1024, "unprobed", 20, 0, 0)]
    public void Second_pass_is_resolved(string hires, int width, int height, string upscaler, int steps, double strength, int run)
    {
        var order = Accepts($$"""{"prompt":"a","hires":{{hires}}}""");
        var made = order.Request.Hires!;
        Assert.Equal((width, height, upscaler, steps, strength, run), (made.Width, made.Height, made.Upscaler, made.Steps, made.Strength, made.Run.Run));
        Assert.Equal((width, height), order.Request.Finished);
        Assert.Equal(20 + run, order.Request.StepsShown);
        Assert.Empty(order.Warnings);

        // What an answer tells is the same order again.
        string told = JsonSerializer.SerializeToElement(new Parameters(order.Request, null, ReturnMode.Data)).GetProperty("hires").GetRawText();
        Assert.Equal(made, Accepts($$"""{"prompt":"a","hires":{{told}}}""").Request.Hires);
    }

    [Fact]
    public void Sizes_are_rounded_to_the_model_s_step_and_that_is_said()
    {
        var order = Accepts("""{"prompt":"a","width":576,"hires":{"scale":1.3}}""");
        Assert.Equal((768, 640), order.Request.Canvas);
        Assert.Equal("hires: 576 x 512 at scale 1.3 is made at 768 x 640, multiples of 64", Assert.Single(order.Warnings));
    }

    [Fact]
    public void Prompts_and_sampler_of_the_second_pass_are_its_own()
    {
        var second = Accepts(
            """{"prompt":"a","negative_prompt":"n","sampler":"ddim","hires":{"prompt":"b","negative_prompt":"","sampler":"Euler a"}}""").Request.SecondPass()!;
        Assert.Equal(("b", "", "euler_ancestral", 1.0), (second.Prompt, second.NegativePrompt, second.Sampler, second.Eta));
        Assert.Equal((14, 6), (second.StepsRun, second.Steps - second.StepsRun));
        var same = Accepts("""{"prompt":"a","sampler":"ddim","hires":{}}""").Request.SecondPass()!;
        Assert.Equal(("a", null, "ddim", 0.0), (same.Prompt, same.NegativePrompt, same.Sampler, same.Eta));
    }

    [Theory]
    [InlineData("""{"scale":5}""", "hires.scale")]
    [InlineData("""{"scale":0.9}""", "hires.scale")]
    [InlineData("""{"scale":4,"steps":151}""", "hires.steps")]
    [InlineData("""{"strength":1.1}""", "hires.strength")]
    [InlineData("""{"scale":2,"width":1024}""", "hires.scale")]
    [InlineData("""{"width":1000}""", "hires.width")]
    [InlineData("""{"height":2112}""", "hires.height")]
    [InlineData("""{"width":256,"height":256}""", "hires.width")]
    [InlineData("""{"upscaler":"nothing"}""", "hires.upscaler")]
    [InlineData("""{"upscaler":"broken"}""", "hires.upscaler")]
    [InlineData("""{"sampler":"nothing"}""", "hires.sampler")]
    [InlineData("""{"denoise":1}""", "hires")]
    [InlineData("7", "hires")]
    [InlineData("""{"prompt":"<lora:other:1> b"}""", "hires.prompt")]
    public void What_is_wrong_with_it_is_named(string hires, string field) =>
        Assert.Equal(field, Assert.Single(Refuse($$"""{"prompt":"a","hires":{{hires}}}""")).Field);

    [Fact]
    public void Canvas_that_the_model_cannot_work_at_is_refused_with_the_numbers()
    {
        var fault = Assert.Single(Refuse("""{"prompt":"a","width":1024,"hires":{"scale":4}}"""));
        Assert.Equal(("hires.scale", "1024 x 512 at scale 4 gives 4096 x 2048 pixels; model 'starter' takes at most 2048 a side.", "at most 2"),
            (fault.Field, fault.Message, fault.Limit));
    }

    [Fact]
    public void Model_without_an_encoder_enlarges_latents_alone()
    {
        models.Models[0] = Model with { Tasks = ["txt2img"] };
        Assert.NotNull(Accepts("""{"prompt":"a","hires":{}}""").Request.Hires);
        Assert.Equal("hires.upscaler", Assert.Single(Refuse("""{"prompt":"a","hires":{"upscaler":"unprobed"}}""")).Field);
    }

    [Fact]
    public void Model_that_cannot_says_why()
    {
        models.Models[0] = Model with
        {
            Capabilities = new ModelCapabilities().With("hires", "its graphs take 64 x 64 pixels alone").With("tiling", "it is a transformer"),
        };
        Assert.Equal(
            "Model 'starter' has no use for hires: its graphs take 64 x 64 pixels alone.", Assert.Single(Refuse("""{"prompt":"a","hires":{}}""")).Message);
        Assert.Equal("Model 'starter' has no use for tiling: it is a transformer.", Assert.Single(Refuse("""{"prompt":"a","tiling":true}""")).Message);
    }

    [Fact]
    public void Limits_count_the_larger_canvas()
    {
        var limits = new RequestLimits { MegapixelSteps = 10 };
        Assert.NotNull(Validate("""{"prompt":"a","steps":20}""", limits).Order);
        Assert.Equal("steps", Assert.Single(Validate("""{"prompt":"a","steps":20,"hires":{}}""", limits).Failure!.Faults!).Field);
    }

    [Fact]
    public void Flow_model_s_rule_for_strength_is_the_second_pass_s_too()
    {
        models.Models[0] = Model with
        {
            SamplerClass = "FlowMatchEulerDiscreteScheduler", SamplerConfig = new SamplerConfig { Shift = 3 }, Strength = StrengthRule.RoundsUp,
        };
        Assert.Equal(8, Accepts("""{"prompt":"a","steps":10,"hires":{"strength":0.75}}""").Request.Hires!.Run.Run);
        Assert.Equal("hires.sampler", Assert.Single(Refuse("""{"prompt":"a","hires":{"sampler":"ddim"}}""")).Field);
    }

    [Fact]
    public void A1111_runs_as_many_steps_as_asked_of_a_longer_schedule()
    {
        var order = new HiresOrder { Width = 1024, Height = 1024, Steps = 20, Strength = 0.7, Counting = Compatibility.A1111 };
        Assert.Equal((28, 8, 20), (order.Run.ScheduleSteps, order.Run.First, order.Run.Run));
        Assert.Equal(0, (order with { Strength = 0 }).Run.Run);
    }

    [Theory]
    [InlineData("true", WrapAxes.Both)]
    [InlineData("false", WrapAxes.None)]
    [InlineData("null", WrapAxes.None)]
    [InlineData("\"x\"", WrapAxes.X)]
    [InlineData("\"y\"", WrapAxes.Y)]
    public void Wrapping_round_is_read_and_told(string tiling, WrapAxes axes)
    {
        var request = Accepts($$"""{"prompt":"a","tiling":{{tiling}}}""").Request;
        Assert.Equal(axes, request.Tiling);
        var told = JsonSerializer.SerializeToElement(new Parameters(request, null, ReturnMode.Data));
        Assert.Equal(axes == WrapAxes.None ? null : tiling, told.TryGetProperty("tiling", out var value) ? value.GetRawText() : null);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"z\"")]
    public void Wrapping_round_of_another_kind_is_refused(string tiling)
    {
        var fault = Assert.Single(Refuse($$"""{"prompt":"a","tiling":{{tiling}}}"""));
        Assert.Equal(("tiling", "true, false, \"x\" or \"y\""), (fault.Field, fault.Limit));
    }

    private ValidOrder Accepts(string body) => Validate(body) is { Order: { } order } ? order : throw new InvalidOperationException("The request was refused.");

    private IReadOnlyList<Fault> Refuse(string body) => Validate(body).Failure?.Faults ?? throw new InvalidOperationException("The request was accepted.");

    private Validated Validate(string body, RequestLimits? limits = null)
    {
        var headers = new HeaderDictionary();
        using var request = new RequestBody(JsonDocument.Parse(body), []);
        return new GenerationValidation(
                models, new ScriptedUpscalers(), new ScriptedLoras(), new ScriptedEmbeddings(), new FixedSeeds(),
                limits ?? new RequestLimits(), new WebhookRules(null), new AddedParts(new ScriptedControlNets()))
            .Validate(NativeOrder.Read(TaskSheet.Txt2Img, request, Accept.Parse(headers)!, headers).Order);
    }
}
