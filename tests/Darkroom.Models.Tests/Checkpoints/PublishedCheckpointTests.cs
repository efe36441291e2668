using Darkroom.Models.Pool;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.Models.Tests.Checkpoints;

/// <summary>Checkpoints with the names and sizes of published ones: recognised by their tensors, and every weight found.</summary>
public sealed class PublishedCheckpointTests : IDisposable
{
    private const string V = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias";

    /// <summary>What OpenCLIP was trained with; and of Stable Diffusion 2 the last layer, which it does without.</summary>
    private static readonly string[] Unused =
    [
        "conditioner.embedders.1.model.logit_scale", "cond_stage_model.model.logit_scale", "cond_stage_model.model.text_projection",
        "cond_stage_model.model.transformer.resblocks.23.",
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-published-").FullName;

    private string File => Path.Combine(folder, "photo.safetensors");

    [Fact]
    public void Stable_diffusion_1_needs_nothing_beside_it()
    {
        SparseCheckpoint.Write(File, PublishedTensors.StableDiffusion1());
        var model = ModelFolder.Read(File);
        Assert.Null(model.Fault);
        Assert.Equal(("photo", "stable-diffusion", 512, 64, 4, 8, 768), (model.Id, model.Family, model.NativeSize, model.SizeStep, model.LatentChannels,
            model.LatentFactor, model.TextWidth));
        Assert.Equal(["txt2img", "img2img", "inpaint", "outpaint", "denoise", "classify", "likelihood", "features"], model.Tasks);
        Assert.Equal("epsilon", model.Prediction);
        Assert.InRange(model.Parts.Single(part => part.Name == "unet").Bytes, 3.4e9, 3.5e9); // 860 million weights in float32
        AllWeightsAreFound("text_encoder");
    }

    [Fact]
    public void Inpainting_is_told_by_the_channels()
    {
        SparseCheckpoint.Write(File, PublishedTensors.StableDiffusion1(channels: 9));
        var model = ModelFolder.Read(File);
        Assert.Null(model.Fault);
        Assert.Equal(["inpaint", "outpaint"], model.Tasks);
        Assert.True(model.SeesMask);
        AllWeightsAreFound("text_encoder");
    }

    [Fact]
    public void Editing_by_instruction_is_told_by_the_channels()
    {
        SparseCheckpoint.Write(File, PublishedTensors.StableDiffusion1(channels: 8));
        var model = ModelFolder.Read(File);
        Assert.Equal((null, "instruct-pix2pix", "EulerAncestralDiscreteScheduler"), (model.Fault, model.Family, model.SamplerClass));
        Assert.Equal(["img2img"], model.Tasks);
        AllWeightsAreFound("text_encoder");
    }

    [Fact]
    public void Latent_consistency_model_is_told_by_its_layer_for_the_guidance()
    {
        SparseCheckpoint.Write(File, PublishedTensors.StableDiffusion1(guidance: 256));
        var model = ModelFolder.Read(File);
        Assert.Equal((null, "latent-consistency", "LCMScheduler", 768), (model.Fault, model.Family, model.SamplerClass, model.NativeSize));
        Assert.True(model.Capabilities.EmbedsGuidance);
        AllWeightsAreFound("text_encoder");
    }

    [Theory]
    [InlineData(0.05, "epsilon")]
    [InlineData(0.15, "v_prediction")]
    public void What_stable_diffusion_2_predicts_is_told_by_its_last_block(double deviation, string prediction)
    {
        SparseCheckpoint.Write(File, PublishedTensors.StableDiffusion2(),
            (V, [.. Enumerable.Range(0, 320).Select(i => (Half)(i % 2 == 0 ? deviation : -deviation))]));
        var model = ModelFolder.Read(File);
        Assert.Null(model.Fault);
        Assert.Equal((prediction, 1024, 768), (model.Prediction, model.TextWidth, model.NativeSize));
        AllWeightsAreFound("text_encoder");
    }

    [Fact]
    public void Stable_diffusion_xl_has_two_text_encoders()
    {
        SparseCheckpoint.Write(File, PublishedTensors.StableDiffusionXl());
        var model = ModelFolder.Read(File);
        Assert.Null(model.Fault);
        Assert.Equal(("stable-diffusion-xl", 1024, 32, 2048), (model.Family, model.NativeSize, model.SizeStep, model.TextWidth));
        Assert.Equal("epsilon", model.Prediction);
        AllWeightsAreFound("text_encoder", "text_encoder_2");
    }

    [Fact]
    public void Marks_of_trainers_tell_what_xl_predicts()
    {
        SparseCheckpoint.Write(File, [.. PublishedTensors.StableDiffusionXl(), ("v_pred", []), ("ztsnr", [])]);
        var model = ModelFolder.Read(File);
        Assert.Equal(("v_prediction", (bool?)true), (model.Prediction, model.SamplerConfig.RescaleBetasZeroSnr));
    }

    [Fact]
    public void A_weight_that_is_missing_or_of_another_size_is_named_as_it_is_in_the_file()
    {
        const string Missing = "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_v.weight", Wrong = "model.diffusion_model.out.2.bias";
        SparseCheckpoint.Write(File, PublishedTensors.StableDiffusion1().Where(one => one.Name != Missing)
            .Select(one => one.Name == Wrong ? (one.Name, [5L]) : one));
        Assert.Equal(
            "photo.safetensors: weight 'down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_v.weight' is missing; [640, 768] is needed; "
            + "photo.safetensors: weight 'model.diffusion_model.out.2.bias' (conv_out.bias) is [5] where [4] is needed", PartWriting.FaultsOf(File, "unet"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void AllWeightsAreFound(params string[] texts) =>
        PartWriting.AssertAllFound(File, ["unet", "vae_encoder", "vae_decoder", .. texts], Unused);
}
