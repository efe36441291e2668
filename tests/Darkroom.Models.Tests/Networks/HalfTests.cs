using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Networks.T5;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Networks.UNets;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>
/// Graphs in float16 arithmetic, as they are written for CUDA. A CPU widens each operator's values for itself, so that types fit everywhere and numbers are
/// float16's can be seen on any machine.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class HalfTests
{
    /// <summary>The exporter's own float16 graph is up to 1.4e-3 from float32; each of some hundred values on the way is rounded at 5e-4.</summary>
    private const double Tolerance = 5e-3;

    [Theory]
    [InlineData("sd15-tiny")]
    [InlineData("sdxl-tiny")]
    public void UNet_is_near_float32(string family)
    {
        var network = new PackNetwork(family, "unet");
        var shape = ConfigShapes.UNet(network.Config);
        var feeds = new Dictionary<string, Feed>
        {
            ["sample"] = Feed.Normal(1, 2, 4, 8, 8),
            ["timestep"] = Feed.Of(501, 501),
            ["encoder_hidden_states"] = Feed.Normal(2, 2, 77, shape.TextWidth),
            ["text_embeds"] = Feed.Normal(3, 2, shape.Added?.TextWidth ?? 1),
            ["time_ids"] = new([2, 6], [512, 512, 0, 0, 512, 512, 512, 768, 16, 0, 512, 768]),
        };
        Check(network, family, "unet", feeds, writer => UNet.Write(shape, writer));
    }

    [Fact]
    public void Decoder_is_near_float32()
    {
        var network = new PackNetwork("sd3-tiny", "vae");
        Check(network, "sd3-tiny", "vae_decoder", new() { ["latent_sample"] = Feed.Normal(1, 1, 16, 8, 8) },
            writer => Autoencoder.WriteDecoder(ConfigShapes.Autoencoder(network.Config), writer));
    }

    [Fact]
    public void Text_encoders_are_near_float32()
    {
        var ids = new Dictionary<string, Feed> { ["input_ids"] = new([2, 77], [.. Enumerable.Range(0, 154).Select(i => (float)(i * 7919 % 400))]) };
        PackNetwork clip = new("sdxl-tiny", "text_encoder_2"), t5 = new("flux-tiny", "text_encoder_2");
        Check(clip, "sdxl-tiny", "text_encoder_2", ids, writer => ClipTextEncoder.Write(ConfigShapes.ClipText(clip.Config), writer, EarlierLayers.AsTheyAre));
        Check(t5, "flux-tiny", "text_encoder_2", ids, writer => T5Encoder.Write(ConfigShapes.T5(t5.Config), writer, "text_encoder_2"));
    }

    [Fact]
    public void Transformers_are_near_float32()
    {
        PackNetwork third = new("sd3-tiny", "transformer"), flux = new("flux-tiny", "transformer");
        Check(third, "sd3-tiny", "transformer", new()
        {
            ["hidden_states"] = Feed.Normal(1, 2, 16, 8, 8),
            ["encoder_hidden_states"] = Feed.Normal(2, 2, 20, 96),
            ["pooled_projections"] = Feed.Normal(3, 2, 80),
            ["timestep"] = Feed.Of(800, 200),
        }, writer => StableDiffusion3Transformer.Write(ConfigShapes.StableDiffusion3(third.Config), writer));
        Check(flux, "flux-tiny", "transformer", new()
        {
            ["hidden_states"] = Feed.Normal(1, 2, 12, 64),
            ["img_ids"] = new([12, 3], [.. Enumerable.Range(0, 12).SelectMany(i => (float[])[0, i / 4, i % 4])]),
            ["txt_ids"] = new([9, 3], new float[27]),
            ["encoder_hidden_states"] = Feed.Normal(2, 2, 9, 64),
            ["pooled_projections"] = Feed.Normal(3, 2, 32),
            ["timestep"] = Feed.Of(0.8f, 0.2f),
            ["guidance"] = Feed.Of(3.5f, 1),
        }, writer => FluxTransformer.Write(ConfigShapes.Flux(flux.Config) with { IsPacked = true }, writer));
    }

    private static void Check(
        PackNetwork network, string family, string exported, Dictionary<string, Feed> feeds, Func<NetworkWriter, WrittenGraph?> write)
    {
        using var measure = new Measure($"networks/{family}", $"{exported}, float16");
        measure.Bound("furthest", Twins.Compare(network.Write(write, GraphTarget.Cuda), PackNetwork.Exported(family, exported), feeds), Tolerance);
    }
}
