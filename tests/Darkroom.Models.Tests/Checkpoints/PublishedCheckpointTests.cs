using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Pool;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.Models.Tests.Checkpoints;

/// <summary>Checkpoints with the names and sizes of published ones: recognised by their tensors, and every weight found.</summary>
public sealed class PublishedCheckpointTests : IDisposable
{
    private const string V = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias";

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
        Assert.Equal(["txt2img", "img2img", "inpaint", "outpaint"], model.Tasks);
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
            + "photo.safetensors: weight 'model.diffusion_model.out.2.bias' (conv_out.bias) is [5] where [4] is needed", FaultsOf("unet"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void AllWeightsAreFound(params string[] texts)
    {
        foreach (string part in (string[])["unet", "vae_encoder", "vae_decoder", .. texts]) Assert.Null(FaultsOf(part));
    }

    /// <summary>What is wrong with the weights of a part, once its graph was written for them; null where nothing is.</summary>
    private string? FaultsOf(string part)
    {
        var faults = new FaultList();
        var place = ModelPlace.At(File);
        var weights = place.Source.Find(part.StartsWith("vae", StringComparison.Ordinal) ? "vae" : part, faults)!;
        var network = new NetworkWriter(GraphTarget.Cpu, weights.Weights, faults, weights.Name);
        var graph = part switch
        {
            "unet" => UNet.Write(UNetShapeFile.Read(place.Root, faults)! with { InChannels = place.Kind!.InChannels }, network),
            "vae_encoder" => Autoencoder.WriteEncoder(AutoencoderShapeFile.Read(place.Root, faults)!, network),
            "vae_decoder" => Autoencoder.WriteDecoder(AutoencoderShapeFile.Read(place.Root, faults)!, network),
            _ => ClipTextEncoder.Write(ClipTextShapeFile.Read(place.Root, part, faults)!, network, EarlierLayers.AsTheyAre, part),
        };
        Assert.Equal(faults.Any, graph is null);
        return faults.ToString();
    }
}
