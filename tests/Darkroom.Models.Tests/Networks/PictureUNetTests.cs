using Darkroom.Models.Networks.UNets;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>A U-Net without a text, against the exporter's graph and diffusers' own calls.</summary>
[Trait("Category", "Conformance")]
public sealed class PictureUNetTests
{
    private const string Family = "ddpm-tiny";

    [Fact]
    public void Answers_as_the_exporters_graph_does()
    {
        var network = new PackNetwork(Family, "unet");
        var written = network.Write(writer => PictureUNet.Write(ConfigShapes.PictureUNet(network.Config), writer));
        using var measure = new Measure($"networks/{Family}", "unet");
        foreach (var (rows, height, width) in ((long, long, long)[])[(1, 32, 32), (2, 16, 48)])
            measure.Bound($"{rows}x{height}x{width}", Twins.Compare(written, PackNetwork.Exported(Family, "unet"), new Dictionary<string, Feed>
            {
                ["sample"] = Feed.Normal(1, rows, 3, height, width),
                ["timestep"] = Feed.Of([.. Enumerable.Repeat(700f, (int)rows)]),
            }), 5e-6);
    }

    [Fact]
    public void First_call_of_each_case_is_diffusers_own()
    {
        var network = new PackNetwork(Family, "unet");
        Goldens.Check(network.Write(writer => PictureUNet.Write(ConfigShapes.PictureUNet(network.Config), writer)), Family, "out_sample");
    }
}
