using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Endpoints;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Generation.Validation;

/// <summary>LoRAs of a request: its field, and the tags of its prompts.</summary>
public sealed class LoraRulesTests
{
    private readonly ScriptedModels models = new();

    public LoraRulesTests() => models.Models[0] = ScriptedModels.Starter with
    {
        TextWidth = 768,
        Capabilities = new() { Lora = true, ExtraFields = ["loras", "prompt_2"] },
    };

    [Fact]
    public void Field_and_tags_make_one_list_and_tags_leave_the_text()
    {
        var order = Accepts(
            """{"prompt":"a <lora:crayons:0.8>red apple<lora:crayons>","prompt_2":"<lyco:crayons:-1>b","loras":[{"id":"crayons","weight":2}]}""");
        Assert.Equal(("a red apple", "b"), (order.Request.Prompt, order.Request.Prompt2));
        Assert.Equal([2, 0.8, 1, -1], order.Request.Loras!.Select(lora => lora.Weight));
        Assert.All(order.Request.Loras!, lora => Assert.Equal(("crayons", null, ScriptedLoras.Hash), (lora.Id, lora.TextWeight, lora.Hash)));
    }

    [Theory]
    [InlineData("crayons:0.5:0.9", 0.9, 0.5)]
    [InlineData("crayons:0.5:0.5", 0.5, null)]
    [InlineData("crayons:te=0.5:unet=-1", -1.0, 0.5)]
    [InlineData("crayons:0.5:dyn=4", 0.5, null)]
    [InlineData("crayons:unet=0.5", 0.5, 1.0)]
    public void Tag_may_have_weights_of_text_encoder_and_denoiser(string tag, double weight, double? text) =>
        Assert.Equal(new LoraOrder("crayons", weight, text, ScriptedLoras.Hash), Assert.Single(Accepts($$"""{"prompt":"<lora:{{tag}}>"}""").Request.Loras!));

    [Fact]
    public void Parameters_posted_again_ask_for_the_same()
    {
        var first = Accepts("""{"prompt":"a <lora:crayons:0.5:0.9>"}""").Request;
        var told = JsonSerializer.SerializeToNode(new Parameters(first, null, ReturnMode.Data))!;
        Assert.Equal($$"""[{"id":"crayons","weight":0.9,"text_weight":0.5,"hash":"{{ScriptedLoras.Hash}}"}]""", told["loras"]!.ToJsonString());
        var again = Accepts(told.ToJsonString());
        Assert.Equal((first.Prompt, Assert.Single(first.Loras!)), (again.Request.Prompt, Assert.Single(again.Request.Loras!)));
        Assert.Empty(again.Warnings);
    }

    [Fact]
    public void Lora_that_has_changed_since_is_told() =>
        Assert.Equal("lora 'crayons': its file has changed since, and the picture may differ with it",
            Assert.Single(Accepts("""{"prompt":"","loras":[{"id":"crayons","hash":"00"}]}""").Warnings));

    [Theory]
    [InlineData("""{"prompt":"","loras":[{"id":"crayon"}]}""", "loras.0.id", "There is no LoRA 'crayon'. Did you mean 'crayons'?")]
    [InlineData("""{"prompt":"<lora:nothing:1>"}""", "prompt", "There is no LoRA 'nothing'.")]
    [InlineData("""{"prompt":"","loras":[{"id":"broken"}]}""", "loras.0.id", "LoRA 'broken' cannot be used: it is cut off: its header ends at byte 9 of 8.")]
    [InlineData("""{"prompt":"","loras":[{"id":"large"}]}""", "loras.0.id",
        "LoRA 'large' is for another kind of model: it attends to texts of 2048 channels (stable-diffusion-xl), and those of model 'starter' have 768.")]
    [InlineData("""{"prompt":"<lora:crayons:5>"}""", "prompt", "prompt has a tag for a LoRA whose weight is none.")]
    [InlineData("""{"prompt":"<lora:crayons:x>"}""", "prompt", "prompt has a tag for a LoRA whose weight is none.")]
    [InlineData("""{"prompt":"","loras":[{"id":"crayons","weight":4.1}]}""", "loras.0.weight", "loras.0.weight must be -4…4.")]
    [InlineData("""{"prompt":"","loras":[{"weight":1}]}""", "loras.0.id", "loras.0.id is required.")]
    [InlineData("""{"prompt":"","loras":[{"id":"crayons","wait":1}]}""", "loras.0", "loras.0 has no such field as 'wait'.")]
    [InlineData("""{"prompt":"","loras":["crayons"]}""", "loras.0", "loras.0 must be an object.")]
    public void What_is_wrong_is_named(string body, string field, string message)
    {
        var fault = Assert.Single(Refuse(body));
        Assert.Equal((field, message), (fault.Field, fault.Message));
    }

    [Fact]
    public void Entry_and_value_are_told()
    {
        var fault = Assert.Single(Refuse("""{"prompt":"","loras":[{"id":"crayons"},{"id":"crayons","weight":4.1}]}"""));
        Assert.Equal(("loras.1.weight", "4.1", "-4…4"), (fault.Field, fault.Value?.ToString(), fault.Limit));
    }

    [Fact]
    public void Tags_count_among_the_eight()
    {
        string tags = string.Concat(Enumerable.Repeat("<lora:crayons>", 8));
        Assert.Equal(8, Accepts($$"""{"prompt":"{{tags}}"}""").Request.Loras!.Count);
        Assert.Equal("loras", Assert.Single(Refuse($$"""{"prompt":"{{tags}}","loras":[{"id":"crayons"}]}""")).Field);
    }

    [Fact]
    public void Tags_of_a_plain_prompt_are_text()
    {
        var request = Accepts("""{"prompt":"a <lora:x:1>","prompt_style":"plain"}""").Request;
        Assert.Equal(("a <lora:x:1>", true), (request.Prompt, request.Loras is null));
    }

    [Fact]
    public void Model_that_takes_none_says_why()
    {
        models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { LoraReason = "its parts are exported" } };
        Assert.Equal("No LoRA can be merged into model 'starter': its parts are exported.", Assert.Single(Refuse("""{"prompt":"<lora:crayons:1>"}""")).Message);
        Assert.Equal("loras", Assert.Single(Refuse("""{"prompt":"","loras":[{"id":"crayons"}]}""")).Field);
    }

    private ValidOrder Accepts(string body) => Validate(body) is { Order: { } order } ? order
        : throw new InvalidOperationException(string.Join(' ', Refuse(body).Select(fault => fault.Message)));

    private IReadOnlyList<Fault> Refuse(string body) => Validate(body).Failure?.Faults ?? throw new InvalidOperationException("The request was accepted.");

    private Validated Validate(string body)
    {
        var headers = new HeaderDictionary();
        using var request = new RequestBody(JsonDocument.Parse(body), []);
        return new GenerationValidation(models, new ScriptedUpscalers(), new ScriptedLoras(), new ScriptedEmbeddings(), new FixedSeeds(),
                new RequestLimits(), new WebhookRules(null))
            .Validate(NativeOrder.Read(TaskSheet.Txt2Img, request, Accept.Parse(headers)!, headers).Order);
    }
}
