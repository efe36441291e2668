using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Families;

public sealed class StableDiffusionXlFolderTests
{
    private static readonly string Folder = TestModel.SourceOf("sdxl-tiny");

    [Fact]
    public void Folder_is_described_without_opening_a_graph()
    {
        var model = ModelFolder.Read(Folder);
        Assert.Equal((null, "stable-diffusion-xl"), (model.Fault, model.Family));
        Assert.Equal(["txt2img", "img2img", "inpaint", "outpaint", "denoise", "classify", "likelihood", "features"], model.Tasks);
        Assert.Equal((64, 32, 80, 77, 1), (model.NativeSize, model.SizeStep, model.TextWidth, model.TokenLength, model.Capabilities.MaxClipSkip));
        Assert.Equal((0.13025, 1), (model.Autoencoder.ScalingFactor, model.Denoiser.AttentionLevel));
        Assert.Equal(["text_encoder", "text_encoder_2", "unet", "vae_decoder", "vae_encoder"], model.Parts.Select(part => part.Name));
        Assert.Equal(
            [
                "cache", "crop", "embeddings", "explain", "hires", "loras", "negative_crop", "negative_original_size", "negative_prompt_2",
                "negative_target_size", "original_size", "prompt_2", "target_size", "tiling", "vae", "vae_hash",
            ],
            model.Capabilities.ExtraFields.Order(StringComparer.Ordinal));
        Assert.Equal(AlignYourStepsModel.StableDiffusionXl, model.AlignYourSteps);
        Assert.Contains("text_encoder_2/model.onnx", ModelFiles.Of(Folder));
        Assert.Contains("tokenizer_2/vocab.json", ModelFiles.Of(Folder));
    }

    [Fact]
    public void Refiner_is_refused_by_name()
    {
        using var folder = TestModel.SdXl().Set("model_index.json", "requires_aesthetics_score", "true");
        Assert.StartsWith("model_index.json: requires_aesthetics_score: a refiner", folder.Read().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_and_weighted_texts_of_both_encoders_come_out_equally_long()
    {
        using var model = ModelFolder.Load(Folder, new SessionSettings { Threads = 1 });
        var texts = model.Tokenize([new PromptText("a BREAK b BREAK c"), new PromptText("(d:1.4)") { Second = "e BREAK f" }, new PromptText(null)],
            TextReading.Weighted);
        Assert.All(texts, text => Assert.All(text.Encoders, one => Assert.Equal(3, one.Chunks)));
        Assert.Equal([false, false, true], texts.Select(text => text.IsAbsent));
        var zeros = model.FindConditioning(texts[2])!;
        Assert.All(zeros.Tensors, tensor => Assert.All(tensor.Values, value => Assert.Equal(0, value)));
        var encoded = model.Encode([texts[0], texts[1]]);
        Assert.All(encoded, conditioning => Assert.Equal(zeros.Signature, conditioning.Signature));
        Assert.Same(encoded[1], model.FindConditioning(texts[1]));
    }

    [Fact]
    public void Absent_text_is_an_empty_one_where_the_index_says_so()
    {
        using var folder = TestModel.SdXl().Set("model_index.json", "force_zeros_for_empty_prompt", "false");
        using var model = ModelFolder.Load(folder.Path, new SessionSettings { Threads = 1 });
        var texts = model.Tokenize([new PromptText(null), new PromptText("")], TextReading.Plain);
        Assert.False(texts[0].IsAbsent);
        Assert.True(texts[0].Encoders.Zip(texts[1].Encoders).All(pair => pair.First.ReadsAs(pair.Second)));
    }
}
