using Darkroom.Benchmarks.Real.Exported;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Benchmarks;

/// <summary>What `bench real` compares the server with is what torch's exporter writes: the same operators, as often, and the same answers.</summary>
[Trait("Category", "Conformance")]
public sealed class ExportedPatternTests
{
    /// <summary>Operators over a few whole numbers of shapes, and casts of nothing, in which the two differ: no time is spent in them.</summary>
    private static readonly HashSet<string> OfShapes =
    [
        "Constant", "ConstantOfShape", "Shape", "Gather", "Unsqueeze", "Squeeze", "Concat", "Cast", "Expand", "Equal", "Where", "Slice", "Sub", "Range", "Less",
    ];

    public static TheoryData<string, string> Parts => new()
    {
        { "sd15-tiny", "unet" }, { "sdxl-tiny", "unet" }, { "sd15-tiny", "vae_decoder" }, { "sdxl-tiny", "vae_decoder" }, { "sd15-tiny", "text_encoder" },
        { "sdxl-tiny", "text_encoder" }, { "sdxl-tiny", "text_encoder_2" },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Answers_as_the_exporters_graph_does(string family, string part)
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-exported-").FullName;
        try
        {
            string path = ExportedFile.Write(Write(family, part), folder);
            using var ours = OnnxGraph.Load(path, new SessionSettings());
            using var theirs = OnnxGraph.Load(PackNetwork.Exported(family, part), new SessionSettings());
            var feeds = FeedsOf(family, part);
            var (given, wanted) = (Twins.Run(ours, feeds), Twins.Run(theirs, feeds));
            Assert.Equal(wanted.Keys.Order(), given.Keys.Order());
            using var measure = new Measure($"exported/{family}", part);
            measure.Bound("furthest", wanted.Max(output => Twins.Furthest(output.Key, output.Value, given[output.Key])), 5e-6);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Computes_with_the_exporters_operators(string family, string part)
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-exported-").FullName;
        try
        {
            Assert.Equal(CountsOf(PackNetwork.Exported(family, part)), CountsOf(ExportedFile.Write(Write(family, part), folder)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string CountsOf(string path) => string.Join('\n', OnnxModel.Read(path).Nodes.CountBy(node => node.OpType)
        .Where(type => !OfShapes.Contains(type.Key)).OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => $"{type.Value} {type.Key}"));

    private static WrittenGraph Write(string family, string part)
    {
        var network = new PackNetwork(family, part == "vae_decoder" ? "vae" : part);
        bool isXl = family == "sdxl-tiny";
        return network.Write(writer => part switch
        {
            "unet" => TorchUNet.Write(ConfigShapes.UNet(network.Config), writer, linear: isXl),
            "vae_decoder" => TorchDecoder.Write(ConfigShapes.Autoencoder(network.Config), writer),
            _ => TorchTextEncoder.Write(ConfigShapes.ClipText(network.Config), writer, hidden: isXl, part),
        }, TorchModule.Target);
    }

    private static Dictionary<string, Feed> FeedsOf(string family, string part)
    {
        var config = new PackNetwork(family, part == "vae_decoder" ? "vae" : part).Config;
        return part switch
        {
            "unet" => UNetTests.FeedsOf(ConfigShapes.UNet(config), 2, 8, 12, 77),
            "vae_decoder" => new() { ["latent_sample"] = Feed.Normal(6, 2, ConfigShapes.Autoencoder(config).LatentChannels, 8, 12) },
            _ => new()
            {
                ["input_ids"] = new([2, 77], [.. Enumerable.Range(0, 154).Select(i => (float)(i * 7 % (ConfigShapes.ClipText(config).Vocabulary - 1)))]),
            },
        };
    }
}
