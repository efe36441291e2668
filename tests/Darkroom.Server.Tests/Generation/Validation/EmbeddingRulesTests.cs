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

/// <summary>Textual inversions that a request's texts name.</summary>
public sealed class EmbeddingRulesTests
{
    private readonly ScriptedModels models = new();

    public EmbeddingRulesTests() => models.Models[0] = ScriptedModels.Starter with
    {
        TextEncoders = [new("text_encoder", 12, 768, null)],
        Capabilities = new() { Embeddings = true, ExtraFields = ["embeddings", "prompt_2", "negative_prompt_2"] },
    };

    [Theory]
    [InlineData("""{"prompt":"a <toys>"}""", "toys")]
    [InlineData("""{"prompt":"a <toy>"}""", "toys")]
    [InlineData("""{"prompt":"(TOYS:1.3), three-part"}""", "toys Three-Part")]
    [InlineData("""{"prompt":"a [cat:toys:0.5]"}""", "toys")]
    [InlineData("""{"prompt":"","negative_prompt":"three-part"}""", "Three-Part")]
    [InlineData("""{"prompt":"","prompt_2":"<three-part>","negative_prompt_2":"toys"}""", "Three-Part toys")]
    [InlineData("""{"prompt":"toys","prompt_style":"plain"}""", "toys")]
    [InlineData("""{"prompt":"a toy, <unknown>"}""", "")]
    [InlineData("""{"prompt":"toys","embeddings":[]}""", "")]
    [InlineData("""{"prompt":"toys and three-part","embeddings":[{"id":"toys"}]}""", "toys")]
    public void Names_in_any_text_are_found(string body, string ids)
    {
        var order = Accepts(body);
        Assert.Equal(ids, string.Join(' ', order.Request.Embeddings!.Select(one => one.Id)));
        Assert.All(order.Request.Embeddings!, one => Assert.Equal(ScriptedEmbeddings.Hash, one.Hash));
        Assert.Empty(order.Warnings);
    }

    [Fact]
    public void Tokens_of_the_text_with_most_of_them_are_counted() =>
        Assert.Equal(2 * (3 + 3 + 1), Accepts("""{"prompt":"three-part three-part toys","negative_prompt":"three-part"}""").Request.EmbeddingTokens);

    [Fact]
    public void Parameters_posted_again_ask_for_the_same()
    {
        var first = Accepts("""{"prompt":"a <toy> and toys"}""").Request;
        var told = JsonSerializer.SerializeToNode(new Parameters(first, null, ReturnMode.Data))!;
        Assert.Equal($$"""[{"id":"toys","hash":"{{ScriptedEmbeddings.Hash}}"}]""", told["embeddings"]!.ToJsonString());
        Assert.Equal(first.Embeddings, Accepts(told.ToJsonString()).Request.Embeddings);
        // A file that comes later does not change what a word meant.
        var none = JsonSerializer.SerializeToNode(new Parameters(Accepts("""{"prompt":"a"}""").Request, null, ReturnMode.Data))!;
        Assert.Equal("[]", none["embeddings"]!.ToJsonString());
    }

    [Fact]
    public void File_that_has_changed_since_is_told() =>
        Assert.Equal("embedding 'toys': its file has changed since, and the picture may differ with it",
            Assert.Single(Accepts("""{"prompt":"toys","embeddings":[{"id":"toys","hash":"00"}]}""").Warnings));

    [Theory]
    [InlineData("""{"prompt":"<broken>"}""", "prompt", "Textual inversion 'broken' cannot be used: it has values in 'emb_params' that are not finite.")]
    [InlineData("""{"prompt":"","negative_prompt":"a <old>"}""", "negative_prompt", "Textual inversion 'old' cannot be used: it is a pickle.")]
    [InlineData("""{"prompt":"","prompt_2":"<large>"}""", "prompt_2",
        "Textual inversion 'large' cannot be used: it has vectors of 768 and 1280 channels (stable-diffusion-xl), and model 'starter' takes 768.")]
    [InlineData("""{"prompt":"","embeddings":[{"id":"toy"}]}""", "embeddings.0.id", "There is no textual inversion 'toy'. Did you mean 'toys'?")]
    [InlineData("""{"prompt":"","embeddings":[{"id":"broken"}]}""", "embeddings.0.id",
        "Textual inversion 'broken' cannot be used: it has values in 'emb_params' that are not finite.")]
    [InlineData("""{"prompt":"","embeddings":[{"hash":"00"}]}""", "embeddings.0.id", "embeddings.0.id is required.")]
    [InlineData("""{"prompt":"","embeddings":[{"id":"toys","weight":1}]}""", "embeddings.0", "embeddings.0 has no such field as 'weight'.")]
    [InlineData("""{"prompt":"","embeddings":"toys"}""", "embeddings", "embeddings must be an array, not a string.")]
    public void What_is_wrong_is_named(string body, string field, string message)
    {
        var fault = Assert.Single(Refuse(body));
        Assert.Equal((field, message), (fault.Field, fault.Message));
    }

    [Fact]
    public void Word_that_names_what_cannot_be_used_stays_a_word_and_is_told_once()
    {
        var order = Accepts("""{"prompt":"a large, broken toys, large","negative_prompt":"large"}""");
        Assert.Equal("toys", Assert.Single(order.Request.Embeddings!).Id);
        Assert.Equal(
            ["embedding 'large' is read as words: it has vectors of 768 and 1280 channels (stable-diffusion-xl), and model 'starter' takes 768",
                "embedding 'broken' is read as words: it has values in 'emb_params' that are not finite"],
            order.Warnings);
    }

    [Fact]
    public void Model_that_takes_none_says_why()
    {
        models.Models[0] = ScriptedModels.Starter with { Capabilities = new() { Embeddings = false, EmbeddingsReason = "T5 reads its texts too" } };
        Assert.Equal("Textual inversion 'toys' cannot be used: model 'starter' takes none: T5 reads its texts too.",
            Assert.Single(Refuse("""{"prompt":"<toy>"}""")).Message);
        Assert.Contains(Refuse("""{"prompt":"","embeddings":[{"id":"toys"}]}"""), fault => fault.Message == "Model 'starter' has no use for embeddings.");
        var order = Accepts("""{"prompt":"toys","embeddings":[]}""");
        Assert.Null(order.Request.Embeddings);
        Assert.Empty(order.Warnings);
        Assert.Null(JsonSerializer.SerializeToNode(new Parameters(order.Request, null, ReturnMode.Data))!["embeddings"]);
        Assert.Equal(
            "embedding 'toys' is read as words: model 'starter' takes none: T5 reads its texts too", Assert.Single(Accepts("""{"prompt":"toys"}""").Warnings));
    }

    private ValidOrder Accepts(string body) => Validate(body) is { Order: { } order } ? order
        : throw new InvalidOperationException(string.Join(' ', Refuse(body).Select(fault => fault.Message)));

    private IReadOnlyList<Fault> Refuse(string body) => Validate(body).Failure?.Faults ?? throw new InvalidOperationException("The request was accepted.");

    private Validated Validate(string body)
    {
        var headers = new HeaderDictionary();
        using var request = new RequestBody(JsonDocument.Parse(body), []);
        return new GenerationValidation(
                models, new ScriptedUpscalers(), new ScriptedLoras(), new ScriptedEmbeddings(), new FixedSeeds(), new RequestLimits(), new WebhookRules(null))
            .Validate(NativeOrder.Read(TaskSheet.Txt2Img, request, Accept.Parse(headers)!, headers).Order);
    }
}
