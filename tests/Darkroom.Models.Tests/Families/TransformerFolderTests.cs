using Darkroom.Diffusion.Schedules;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Families;

/// <summary>Folders of Stable Diffusion 3 and FLUX: what they say of themselves, and what is wrong with broken ones.</summary>
public sealed class TransformerFolderTests
{
    [Fact]
    public void Stable_Diffusion_3_is_described_without_opening_a_graph()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("sd3-tiny"));
        Assert.Equal((null, "stable-diffusion-3"), (model.Fault, model.Family));
        // 24 patches of 2 cells of 8 pixels are the most that it has places for.
        Assert.Equal((64, 16, 384, 16, 77, 256), (model.NativeSize, model.SizeStep, model.MaxSize, model.LatentChannels, model.TokenLength, model.TextTokens));
        Assert.Equal((1.5305, 0.0609), (model.Autoencoder.ScalingFactor, model.Autoencoder.ShiftFactor));
        Assert.Equal(("flow_prediction", StrengthRule.RoundsUp, 1), (model.Prediction, model.Strength, model.Capabilities.MaxClipSkip));
        Assert.Equal(
            ["cache", "hires", "loras", "max_text_tokens", "negative_prompt_2", "prompt_2", "shift", "vae", "vae_hash"],
            model.Capabilities.ExtraFields.Order(StringComparer.Ordinal));
        Assert.Equal("its denoiser is a transformer, which is told where in the picture each patch lies", model.Capabilities.FieldReasons["tiling"]);
        Assert.Contains("tokenizer_3/spiece.model", ModelFiles.Of(TestModel.SourceOf("sd3-tiny")));
    }

    [Fact]
    public void Flux_is_described_without_opening_a_graph()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("flux-tiny"));
        Assert.Equal((null, "flux"), (model.Fault, model.Family));
        Assert.Equal((1024, 16, 16, 512), (model.NativeSize, model.SizeStep, model.LatentChannels, model.TextTokens));
        Assert.Equal((true, false, 16), (model.Capabilities.EmbedsGuidance, model.Capabilities.IgnoresGuidance, model.Capabilities.DenoiserChannels));
        Assert.Equal((28L, 3.5), (model.Defaults.Find(FieldTable.Steps), model.Defaults.Find(FieldTable.GuidanceScale)));
    }

    [Fact]
    public void Stable_Diffusion_3_without_T5_reads_zeros_in_its_place()
    {
        using var folder = TestModel.Of("sd3-tiny").Set("model_index.json", "text_encoder_3", "[null, null]")
            .Set("model_index.json", "tokenizer_3", "[null, null]")
            .Delete("text_encoder_3").Delete("tokenizer_3");
        var read = folder.Read();
        Assert.Equal((null, 2), (read.Fault, read.TextEncoders.Count));
        Assert.DoesNotContain("max_text_tokens", read.Capabilities.ExtraFields);
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        var states = model.Encode(model.Tokenize([new PromptText("a fox")], TextReading.Plain))[0].For("encoder_hidden_states")!;
        Assert.Equal([77 + 256, 96], states.Shape);
        Assert.All(states.Values[(77 * 96)..], value => Assert.Equal(0, value));
        Assert.Contains(states.Values[..(77 * 96)], value => value != 0);
    }

    [Theory]
    [InlineData("sd3-tiny", "tokenizer_3")]
    [InlineData("flux-tiny", "tokenizer_2")]
    public void Missing_T5_tokenizer_is_named(string family, string part) =>
        Assert.Equal($"{part}/tokenizer.json: the file is missing, and spiece.model too",
            TestModel.Of(family).Delete(part + "/tokenizer.json").Delete(part + "/spiece.model").Fault());

    [Fact]
    public void T5_tokenizer_is_read_from_either_file()
    {
        using var folder = TestModel.Of("flux-tiny").Delete("tokenizer_2/tokenizer.json");
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        using var whole = ModelFolder.Load(TestModel.SourceOf("flux-tiny"), new SessionSettings { Threads = 1 });
        PromptText[] texts = [new("a red fox sitting on a green hill, oil painting")];
        Assert.Equal(whole.Tokenize(texts, TextReading.Plain)[0].Encoders[1].Ids, model.Tokenize(texts, TextReading.Plain)[0].Encoders[1].Ids);
    }

    [Theory]
    [InlineData("sd3-tiny", "in_channels", "4", "in_channels: 4 for each cell, but the latents have 16")]
    [InlineData("sd3-tiny", "joint_attention_dim", "100", "joint_attention_dim: 100, but T5 gives 96")]
    [InlineData("sd3-tiny", "pooled_projection_dim", "32", "pooled_projection_dim: 32, but CLIP's encoders together give 80")]
    [InlineData("sd3-tiny", "patch_size", "3", "patch_size: 3 cells a side: only powers of two are possible")]
    [InlineData("flux-tiny", "out_channels", "16", "out_channels: 4 for each cell, but the latents have 16")]
    [InlineData("flux-tiny", "in_channels", "63", "in_channels: 63 channels are no patches of 4 cells")]
    [InlineData("flux-tiny", "pooled_projection_dim", "768", "pooled_projection_dim: 768, but CLIP gives 32")]
    [InlineData("flux-tiny", "joint_attention_dim", "32", "joint_attention_dim: 32, but T5 gives 64")]
    public void Transformer_that_does_not_fit_the_other_parts(string family, string key, string value, string fault) =>
        Assert.StartsWith($"transformer/config.json: {fault}", TestModel.Of(family).Set("transformer/config.json", key, value).Fault());

    [Fact]
    public void Text_encoder_of_another_kind_in_T5_s_place() =>
        Assert.Equal("text_encoder_3/config.json: model_type: text encoder 'bert' is not supported here, only t5",
            TestModel.Of("sd3-tiny").Set("text_encoder_3/config.json", "model_type", "\"bert\"")
                .Set("text_encoder_3/config.json", "architectures", "[]").Fault());

    [Theory]
    [InlineData("sd3-tiny")]
    [InlineData("flux-tiny")]
    public void Missing_part_is_named(string family) =>
        Assert.Equal("transformer/model.onnx: the file is missing", TestModel.Of(family).Delete("transformer/model.onnx").Fault());

    [Fact]
    public void Text_is_cut_at_the_tokens_asked_for_and_says_so()
    {
        using var model = ModelFolder.Load(TestModel.SourceOf("flux-tiny"), new SessionSettings { Threads = 1 });
        var text = model.Tokenize([new PromptText("red fox green hill") { MaxTokens = 4 }], TextReading.Plain)[0];
        Assert.Equal((4, 4), (text.Encoders[1].Ids.Length, text.DroppedAfter));
        Assert.False(string.IsNullOrEmpty(text.Dropped));
        Assert.Equal(512, model.Tokenize([new PromptText("red fox")], TextReading.Plain)[0].Encoders[1].Ids.Length);
    }

    [Fact]
    public void Weights_of_a_prompt_change_the_states_that_T5_gives()
    {
        using var model = ModelFolder.Load(TestModel.SourceOf("flux-tiny"), new SessionSettings { Threads = 1 });
        var texts = model.Tokenize(
            [new PromptText("a red fox") { MaxTokens = 16 }, new PromptText("a (red:1.4) fox") { MaxTokens = 16 }], TextReading.Weighted);
        Assert.Equal(texts[0].Encoders[1].Ids, texts[1].Encoders[1].Ids);
        var encoded = model.Encode([texts[0], texts[1]]);
        Assert.NotEqual(encoded[0].For("encoder_hidden_states")!.Values, encoded[1].For("encoder_hidden_states")!.Values);
        Assert.Equal(encoded[0].For("pooled_projections")!.Values, encoded[1].For("pooled_projections")!.Values);
    }
}
