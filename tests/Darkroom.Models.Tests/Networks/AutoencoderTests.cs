using Darkroom.Models.Networks.Autoencoders;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>Autoencoders written from diffusers' weights, against the exporter's graphs of them.</summary>
[Trait("Category", "Conformance")]
public sealed class AutoencoderTests
{
    public static TheoryData<string> Families => ["sd15-tiny", "sd21-tiny", "sdxl-tiny", "sd3-tiny", "flux-tiny"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Encoder_answers_as_the_exporters_graph_does(string family)
    {
        var network = new PackNetwork(family, "vae");
        var written = network.Write(writer => Autoencoder.WriteEncoder(ConfigShapes.Autoencoder(network.Config), writer));
        using var measure = new Measure($"networks/{family}", "vae_encoder");
        foreach (long[] size in (long[][])[[1, 3, 64, 64], [2, 3, 96, 64], [1, 3, 32, 128]])
            // Against torch the exporter's are 1.8e-5 of 19; that is 1e-6 of the greatest value.
            measure.Bound($"{size[2]}x{size[3]}", Twins.Compare(written, PackNetwork.Exported(family, "vae_encoder"), new Dictionary<string, Feed>
            {
                ["sample"] = Feed.Normal(5, size),
            }), 5e-6);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Decoder_answers_as_the_exporters_graph_does(string family)
    {
        var network = new PackNetwork(family, "vae");
        var shape = ConfigShapes.Autoencoder(network.Config);
        var written = network.Write(writer => Autoencoder.WriteDecoder(shape, writer));
        using var measure = new Measure($"networks/{family}", "vae_decoder");
        foreach (var (rows, height, width) in ((long, long, long)[])[(1, 8, 8), (2, 8, 12), (1, 16, 4)])
            measure.Bound($"{height}x{width}", Twins.Compare(written, PackNetwork.Exported(family, "vae_decoder"), new Dictionary<string, Feed>
            {
                ["latent_sample"] = Feed.Normal(6, rows, shape.LatentChannels, height, width),
            }), 5e-6);
    }
}
