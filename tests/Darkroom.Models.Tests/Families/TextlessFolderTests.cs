using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Families;

/// <summary>Folders of models that read no text (DiT, DDPM), and of those that edit by instruction.</summary>
public sealed class TextlessFolderTests
{
    [Fact]
    public void Class_conditional_transformer_is_described_without_opening_a_graph()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("dit-tiny"));
        Assert.Equal((null, "dit", false, 1000), (model.Fault, model.Family, model.ReadsText, model.Classes));
        Assert.Equal((64, 64, true), (model.NativeSize, model.FixedSize?.Width, model.LatentsAreInputs));
        Assert.Equal(["txt2img", "denoise", "classify", "likelihood", "features"], model.Tasks);
        Assert.Equal(["class_label", "vae", "vae_hash", "cache"], model.Capabilities.ExtraFields);
        Assert.Equal("its graphs take 64 x 64 pixels alone", model.Capabilities.FieldReasons["hires"]);
        Assert.Contains("transformer", model.Capabilities.FieldReasons["tiling"], StringComparison.Ordinal);
        Assert.Equal(["transformer", "vae_decoder", "vae_encoder"], model.Parts.Select(part => part.Name));
    }

    [Fact]
    public void Pixel_model_is_described_without_opening_a_graph()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("ddpm-tiny"));
        Assert.Equal((null, "ddpm", false, null), (model.Fault, model.Family, model.ReadsText, model.Classes));
        Assert.Equal((32, 4, 1, 3, "DDPMScheduler"), (model.NativeSize, model.SizeStep, model.LatentFactor, model.LatentChannels, model.SamplerClass));
        Assert.Equal((true, true), (model.Capabilities.EmbedsGuidance, model.Capabilities.IgnoresGuidance));
        Assert.Equal(["unet"], model.Parts.Select(part => part.Name));
        Assert.Equal("it works on pixels, and a second pass enlarges latents", model.Capabilities.FieldReasons["hires"]);
        Assert.Contains("unet/model.onnx", ModelFiles.Of(TestModel.SourceOf("ddpm-tiny")));
    }

    [Fact]
    public void Ddim_pipeline_runs_ddim() =>
        Assert.Equal("DDIMScheduler", WithClass("DDIMPipeline").SamplerClass);

    [Fact]
    public void Instruction_model_answers_img2img_alone()
    {
        var model = ModelFolder.Read(TestModel.SourceOf("ip2p-tiny"));
        Assert.Equal((null, "instruct-pix2pix", true), (model.Fault, model.Family, model.ShowsPicture));
        Assert.Equal(["img2img"], model.Tasks);
        Assert.Equal(["image_guidance_scale", "loras", "embeddings", "vae", "vae_hash", "tiling", "cache", "explain"], model.Capabilities.ExtraFields);
    }

    [Fact]
    public void Instruction_model_needs_its_encoder() =>
        Assert.Equal("vae_encoder/model.onnx: the file is missing", TestModel.Of("ip2p-tiny").Delete("vae_encoder/model.onnx").Fault());

    [Fact]
    public void Instruction_model_of_other_channels() =>
        Assert.Equal("unet/config.json: in_channels: 4 channels, but one that edits by instruction has the latents' and as many of the picture",
            TestModel.Of("ip2p-tiny").Set("unet/config.json", "in_channels", "4").Fault());

    [Theory]
    [InlineData(1, "png")]
    [InlineData(4, "npy")]
    [InlineData(16, "npy")]
    public void Pixel_model_has_the_channels_of_its_configuration(int channels, string format)
    {
        using var folder = Pixels(channels);
        var model = folder.Read();
        Assert.Equal((null, channels, channels, false), (model.Fault, model.PictureChannels, model.LatentChannels, model.HasColours));
        Assert.Equal(format == "npy" ? format : null, model.Defaults.Find(FieldTable.Format));
        Assert.Equal($"its pictures have {channels} channel{(channels == 1 ? "" : "s")}, and colours are enlarged", model.Capabilities.FieldReasons["hires"]);
        Assert.Empty(model.Tasks.Intersect(["inpaint", "outpaint"]));
    }

    [Fact]
    public void Pixel_model_of_more_channels_than_pictures_have() =>
        Assert.Equal("unet/config.json: in_channels: 17 channels of a picture, at most 16 are possible", Pixels(17).Fault());

    /// <summary>Its autoencoder's configuration says so; nothing of it is opened.</summary>
    [Fact]
    public void Latent_model_has_the_channels_of_its_autoencoder()
    {
        using var folder = Grey(1, 1);
        var model = folder.Read();
        Assert.Equal((null, 1, 4), (model.Fault, model.PictureChannels, model.LatentChannels));
        Assert.Contains("img2img", model.Tasks);
        Assert.DoesNotContain("inpaint", model.Tasks);
        Assert.DoesNotContain("controls", model.Capabilities.ExtraFields);
        Assert.Equal("its pictures have 1 channel, and ControlNets are shown colours", model.Capabilities.FieldReasons["controls"]);
        Assert.EndsWith("out_channels: 3 channels, but pictures of 1 are encoded (in_channels)", Grey(1, 3).Fault(), StringComparison.Ordinal);
    }

    private static TestModel Grey(int sent, int made) => TestModel.Sd15()
        .Set("vae_decoder/config.json", "in_channels", $"{sent}").Set("vae_decoder/config.json", "out_channels", $"{made}");

    private static TestModel Pixels(int channels) =>
        TestModel.Of("ddpm-tiny").Set("unet/config.json", "in_channels", $"{channels}").Set("unet/config.json", "out_channels", $"{channels}");

    [Theory]
    [InlineData("dit-tiny", "transformer")]
    [InlineData("dit-tiny", "vae_decoder")]
    [InlineData("ddpm-tiny", "unet")]
    public void Missing_part_is_named(string family, string part) =>
        Assert.Equal($"{part}/model.onnx: the file is missing", TestModel.Of(family).Delete(part + "/model.onnx").Fault());

    [Fact]
    public void Class_transformer_of_other_channels() =>
        Assert.Equal("transformer/config.json: out_channels: 12 for each cell, but the latents have 4",
            TestModel.Of("dit-tiny").Set("transformer/config.json", "out_channels", "12").Fault());

    [Fact]
    public void Class_is_an_input_of_the_row_and_none_is_1000()
    {
        using var model = ModelFolder.Load(TestModel.SourceOf("dit-tiny"), new SessionSettings { Threads = 1 });
        var text = model.FindConditioning(model.Tokenize([new PromptText("")], TextReading.Plain)[0])!;
        var row = new RowConditions { Width = 64, Height = 64, ClassLabel = 7 };
        Assert.Equal([7f], model.ForRow(text, row).For("class_labels")!.Values);
        Assert.Equal([1000f], model.ForRow(text, row with { IsNegative = true }).For("class_labels")!.Values);
    }

    private static ModelDescription WithClass(string name)
    {
        using var folder = TestModel.Of("ddpm-tiny").Set("model_index.json", "_class_name", $"\"{name}\"");
        return folder.Read();
    }
}
