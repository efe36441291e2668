using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Graphs;

/// <summary>Networks whose pictures wrap round: what goes in turned round comes out turned round as far, and exported and written graphs agree.</summary>
[Trait("Category", "Conformance")]
public sealed class CircularPadsTests
{
    /// <summary>Sums over a picture are added in another order where it is turned; of the greatest value.</summary>
    private const double Turned = 5e-5;

    private const double BothForms = 5e-6;

    public static TheoryData<string> Families => ["sd15-tiny", "sd21-tiny", "sdxl-tiny"];

    [Theory, MemberData(nameof(Families))]
    public void U_Net_turns_with_its_latents(string family)
    {
        var network = new PackNetwork(family, "unet");
        var shape = ConfigShapes.UNet(network.Config);
        int period = 1 << (shape.Channels.Count - 1); // cells that become one at the coarsest level
        var feeds = UNetTests.FeedsOf(shape, 2, 4 * period, 6 * period, 77);
        using var measure = new Measure($"networks/{family}/unet", "wraps");
        foreach (var axes in (WrapAxes[])[WrapAxes.Both, WrapAxes.X, WrapAxes.Y])
        {
            var target = GraphTarget.Cpu with { Wraps = axes };
            using var written = OnnxGraph.Load(network.Write(writer => UNet.Write(shape, writer), target), new SessionSettings());
            using var exported = Exported(family, "unet", axes);
            CheckTurning(measure, $"written {axes}", written, feeds, "sample", axes, period, 1);
            CheckTurning(measure, $"exported {axes}", exported, feeds, "sample", axes, period, 1);
            measure.Bound($"forms {axes}", Furthest(Answer(written, feeds), Answer(exported, feeds)), BothForms);
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Autoencoder_turns_with_its_pictures(string family)
    {
        var network = new PackNetwork(family, "vae");
        var shape = ConfigShapes.Autoencoder(network.Config);
        int factor = 1 << (shape.Channels.Count - 1);
        using var measure = new Measure($"networks/{family}/vae", "wraps");
        var latents = new Dictionary<string, Feed> { ["latent_sample"] = Feed.Normal(6, 1, shape.LatentChannels, 8, 12) };
        var pictures = new Dictionary<string, Feed> { ["sample"] = Feed.Normal(5, 1, 3, 8 * factor, 12 * factor) };
        foreach (var axes in (WrapAxes[])[WrapAxes.Both, WrapAxes.X, WrapAxes.Y])
        {
            var target = GraphTarget.Cpu with { Wraps = axes };
            using var decoder = OnnxGraph.Load(network.Write(writer => Autoencoder.WriteDecoder(shape, writer), target), new SessionSettings());
            using var exportedDecoder = Exported(family, "vae_decoder", axes);
            CheckTurning(measure, $"decoder {axes}", decoder, latents, "latent_sample", axes, 3, factor);
            measure.Bound($"decoder's forms {axes}", Furthest(Answer(decoder, latents), Answer(exportedDecoder, latents)), BothForms);

            using var encoder = OnnxGraph.Load(network.Write(writer => Autoencoder.WriteEncoder(shape, writer), target), new SessionSettings());
            using var exportedEncoder = Exported(family, "vae_encoder", axes);
            CheckTurning(measure, $"encoder {axes}", encoder, pictures, "sample", axes, 3 * factor, 1.0 / factor);
            measure.Bound($"encoder's forms {axes}", Furthest(Answer(encoder, pictures), Answer(exportedEncoder, pictures)), BothForms);
        }
    }

    [Fact]
    public void Convolution_that_pads_by_a_rule_is_left_alone_with_a_reason()
    {
        var model = OnnxModel.Read(PackNetwork.Exported("sd15-tiny", "unet"));
        model.Nodes.First(node => node.Is("Conv")).Set("auto_pad", "SAME_UPPER");
        Assert.Contains("auto_pad", CircularPads.Apply(model, WrapAxes.Both).Reason, StringComparison.Ordinal);
        Assert.Equal(GraphEdit.NotNeeded, CircularPads.Apply(OnnxModel.Read(PackNetwork.Exported("sd15-tiny", "unet")), WrapAxes.None));
    }

    private static void CheckTurning(
        Measure measure, string name, OnnxGraph graph, Dictionary<string, Feed> feeds, string input, WrapAxes axes, int cells, double factor)
    {
        var plain = Answer(graph, feeds);
        foreach (var (dy, dx) in ((int, int)[])[(cells, 0), (0, cells)])
        {
            var turned = Answer(graph, new Dictionary<string, Feed>(feeds) { [input] = Turn(feeds[input], dy, dx) });
            double furthest = Furthest(Turn(plain, (int)(dy * factor), (int)(dx * factor)), turned);
            if (dy > 0 ? axes.WrapsY() : axes.WrapsX()) measure.Bound($"{name} turned by {dy} {dx}", furthest, Turned);
            else measure.Equal($"{name} has edges", true, furthest > 100 * Turned);
        }
    }

    private static Feed Answer(OnnxGraph graph, Dictionary<string, Feed> feeds) => Twins.Run(graph, feeds, [graph.Outputs[0].Name]).Values.Single();

    private static OnnxGraph Exported(string family, string part, WrapAxes axes)
    {
        var model = OnnxModel.Read(PackNetwork.Exported(family, part));
        Assert.Equal(GraphEdit.Done, CircularPads.Apply(model, axes));
        return OnnxGraph.Load(model, new SessionSettings());
    }

    private static double Furthest(Feed one, Feed other)
    {
        Assert.Equal(one.Shape, other.Shape);
        return one.Values.Zip(other.Values, (a, b) => (double)Math.Abs(a - b)).Max() / Math.Max(1, one.Values.Max(Math.Abs));
    }

    private static Feed Turn(Feed picture, int dy, int dx)
    {
        int height = (int)picture.Shape[2], width = (int)picture.Shape[3];
        var turned = new float[picture.Values.Length];
        for (int i = 0; i < turned.Length; i++)
        {
            int plane = i / (height * width), y = i / width % height, x = i % width;
            turned[(plane * height + (y + dy) % height) * width + (x + dx) % width] = picture.Values[i];
        }
        return new(picture.Shape, turned);
    }
}
