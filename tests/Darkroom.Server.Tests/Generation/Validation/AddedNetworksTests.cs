using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Loras;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Endpoints;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Generation.Validation;

/// <summary>An autoencoder in the place of a model's own, and what LoRAs set where a request says nothing.</summary>
public sealed class AddedNetworksTests
{
    private readonly ScriptedModels models = new();
    private readonly FewSteps loras = new();

    public AddedNetworksTests() => Set(ScriptedModels.Starter);

    private void Set(ModelDescription model) => models.Models[0] = model with
    {
        Capabilities = model.Capabilities with { Lora = true, ExtraFields = ["loras", "vae", "vae_hash"] },
    };

    [Fact]
    public void Autoencoder_is_named_with_its_hash_and_posted_again_asks_for_the_same()
    {
        var first = Accepts("""{"prompt":"","vae":"fine"}""");
        Assert.Equal(new VaeOrder("fine", ScriptedAutoencoders.Hash), first.Request.Vae);
        string told = JsonSerializer.Serialize(new Parameters(first.Request, null, ReturnMode.Data));
        Assert.Contains($"\"vae\":\"fine\",\"vae_hash\":\"{ScriptedAutoencoders.Hash}\"", told, StringComparison.Ordinal);
        var again = Accepts(told);
        Assert.Equal(first.Request.Vae, again.Request.Vae);
        Assert.Empty(again.Warnings);
        var none = Accepts("""{"prompt":""}""").Request;
        Assert.Null(none.Vae);
        Assert.DoesNotContain("vae", JsonSerializer.Serialize(new Parameters(none, null, ReturnMode.Data)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"","vae":"fine","vae_hash":"00"}""", "vae 'fine': it has changed since, and the picture may differ with it")]
    [InlineData("""{"prompt":"","vae_hash":"00"}""", "vae_hash was left out: no vae is asked for")]
    public void Hash_is_compared(string body, string warning) => Assert.Equal(warning, Assert.Single(Accepts(body).Warnings));

    [Theory]
    [InlineData("fin", "There is no autoencoder 'fin'. Did you mean 'fine'?", "one of GET /v1/vaes")]
    [InlineData("broken", "Autoencoder 'broken' cannot be used: broken.safetensors: is cut off.", null)]
    [InlineData("sixteen", "Autoencoder 'sixteen' is for another kind of model: its latents have 16 channels, and those of model 'starter' have 4.",
        "an autoencoder for this model")]
    [InlineData("coarse", "Autoencoder 'coarse' is for another kind of model: a cell of its latents is 16 pixels wide, and one of model 'starter' is 8.",
        "an autoencoder for this model")]
    [InlineData("fixed", "Autoencoder 'fixed' takes 96 x 96 pixels alone.", "with width 96 and height 96")]
    public void What_does_not_fit_is_named(string id, string message, string? limit)
    {
        var fault = Assert.Single(Refuse($$"""{"prompt":"","vae":"{{id}}"}"""));
        Assert.Equal(("vae", message, id), (fault.Field, fault.Message, fault.Value!.GetValue<string>()));
        if (limit is not null) Assert.Equal(limit, fault.Limit);
    }

    [Fact]
    public void Encoder_is_needed_for_pictures_that_are_sent_alone()
    {
        Assert.Equal("half", Accepts("""{"prompt":"","vae":"half"}""").Request.Vae!.Id);
        string picture = TestPictures.Base64(64, 64);
        Assert.Contains(Refuse($$"""{"prompt":"","vae":"half","image":"{{picture}}"}""", TaskSheet.Img2Img),
            fault => fault.Message == "Autoencoder 'half' has no encoder, which img2img needs.");
    }

    [Fact]
    public void A_models_default_applies_and_one_that_is_gone_is_said_to_be_its()
    {
        Set(ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "vae": "fine" }""") });
        Assert.Equal("fine", Accepts("""{"prompt":""}""").Request.Vae!.Id);
        Set(ScriptedModels.Starter with { Defaults = ModelDefaults.Parse("""{ "vae": "gone" }""") });
        Assert.Equal("There is no autoencoder 'gone'. It is the default of model 'starter'.", Assert.Single(Refuse("""{"prompt":""}""")).Message);
    }

    [Fact]
    public void Model_without_latents_refuses_the_field()
    {
        models.Models[0] = ScriptedModels.Starter;
        Assert.Equal("Model 'starter' has no use for vae.", Assert.Single(Refuse("""{"prompt":"","vae":"fine"}""")).Message);
    }

    [Fact]
    public void A_lora_sets_what_the_request_leaves_out_and_says_so()
    {
        var order = Accepts("""{"prompt":"","loras":[{"id":"lcm"}]}""");
        Assert.Equal((4, 1.0, "lcm", (string?)null, false),
            (order.Request.Steps, order.Request.GuidanceScale, order.Request.Sampler, order.Request.Schedule, order.Request.IsGuided));
        Assert.Equal("lora 'lcm': steps, guidance_scale, sampler, schedule as it sets them (its metadata)", Assert.Single(order.Warnings));
        var again = Accepts(JsonSerializer.Serialize(new Parameters(order.Request, null, ReturnMode.Data)));
        Assert.Equal((4, "lcm"), (again.Request.Steps, again.Request.Sampler));
        Assert.Empty(again.Warnings);
    }

    [Fact]
    public void What_the_request_says_holds()
    {
        var order = Accepts("""{"prompt":"<lora:lcm>","steps":6,"guidance_scale":2}""");
        Assert.Equal((6, 2.0, "lcm"), (order.Request.Steps, order.Request.GuidanceScale, order.Request.Sampler));
        Assert.Equal("lora 'lcm': sampler, schedule as it sets them (its metadata)", Assert.Single(order.Warnings));
    }

    [Fact]
    public void Of_two_that_differ_the_first_holds_and_one_of_no_weight_sets_nothing()
    {
        Assert.Equal((8, "euler", "sgm_uniform"), StepsOf("""{"prompt":"<lora:lightning><lora:lcm>"}"""));
        Assert.Equal((4, "lcm", null), StepsOf("""{"prompt":"<lora:lcm><lora:lightning>"}"""));
        Assert.Equal((4, "lcm", null), StepsOf("""{"prompt":"<lora:lightning:0><lora:lcm>"}"""));
    }

    [Fact]
    public void What_a_model_has_no_use_for_is_not_set()
    {
        Set(ScriptedModels.Starter with { SamplerClass = "FlowMatchEulerDiscreteScheduler", Prediction = "flow_prediction" });
        var order = Accepts("""{"prompt":"","loras":[{"id":"odd"}]}""");
        Assert.Equal((3, 64), (order.Request.Steps, order.Request.Width));
        Assert.NotEqual("ddim", order.Request.Sampler);
        Assert.Equal("lora 'odd': steps as it sets them (its darkroom.json)", Assert.Single(order.Warnings));
    }

    private (int, string?, string?) StepsOf(string body) => Accepts(body).Request is var request ? (request.Steps, request.Sampler, request.Schedule) : default;

    private ValidOrder Accepts(string body) => Validate(body, TaskSheet.Txt2Img) is { Order: { } order } ? order
        : throw new InvalidOperationException(string.Join(' ', Refuse(body).Select(fault => fault.Message)));

    private IReadOnlyList<Fault> Refuse(string body, TaskSheet? sheet = null) =>
        Validate(body, sheet ?? TaskSheet.Txt2Img).Failure?.Faults ?? throw new InvalidOperationException("The request was accepted.");

    private Validated Validate(string body, TaskSheet sheet)
    {
        var headers = new HeaderDictionary();
        using var request = new RequestBody(JsonDocument.Parse(body), []);
        return new GenerationValidation(
            models, new ScriptedUpscalers(), loras, new ScriptedEmbeddings(), new FixedSeeds(), new RequestLimits(), new WebhookRules(null),
            new AddedParts(Autoencoders: new ScriptedAutoencoders())).Validate(NativeOrder.Read(sheet, request, Accept.Parse(headers)!, headers).Order);
    }

    private sealed class FewSteps : ILoraDirectory
    {
        public IReadOnlyList<LoraDescription> All { get; } =
        [
            Of("lcm", """{ "steps": 4, "guidance_scale": 1, "sampler": "lcm", "schedule": "default" }""", "its metadata"),
            Of("lightning", """{ "steps": 8, "guidance_scale": 1, "sampler": "euler", "schedule": "sgm_uniform" }""", "its name"),
            Of("odd", """{ "steps": 3, "sampler": "ddim", "schedule": "sgm_uniform", "width": 100, "max_text_tokens": 64 }""", "its darkroom.json"),
        ];

        public LoraDescription? Find(string id) => All.FirstOrDefault(one => one.Id == id);

        public string? HashOf(string id) => "00";

        private static LoraDescription Of(string id, string defaults, string from) =>
            new() { Id = id, Title = id, Defaults = ModelDefaults.Parse(defaults), DefaultsFrom = from };
    }
}
