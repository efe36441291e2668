using Darkroom.Models.Families;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>CLIP text encoders written from transformers' weights, against the exporter's graphs of them.</summary>
[Trait("Category", "Conformance")]
public sealed class ClipTextEncoderTests
{
    public static TheoryData<string, string> Encoders => new()
    {
        { "sd15-tiny", "text_encoder" }, { "sd21-tiny", "text_encoder" }, { "sdxl-tiny", "text_encoder" }, { "sdxl-tiny", "text_encoder_2" },
        { "sd3-tiny", "text_encoder" }, { "sd3-tiny", "text_encoder_2" }, { "flux-tiny", "text_encoder" },
    };

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Answers_as_the_exporters_graph_does(string family, string part)
    {
        var (written, shape) = Write(family, part, EarlierLayers.AsTheyAre);
        using var measure = new Measure($"networks/{family}", part);
        foreach (var (rows, tokens) in ((long, long)[])[(1, 77), (3, 77), (2, 11)])
            measure.Bound($"{rows}x{tokens}", Twins.Compare(written, PackNetwork.Exported(family, part), Ids(shape, rows, tokens)), 5e-6);
    }

    [Fact]
    public void Earlier_layers_are_what_an_edit_of_the_exporters_graph_gives()
    {
        var (written, shape) = Write("sd15-tiny", "text_encoder", EarlierLayers.Normalised);
        var model = OnnxModel.Read(PackNetwork.Exported("sd15-tiny", "text_encoder"));
        Assert.True(HiddenStates.Apply(model, normalise: true, out int layers).Changed);
        Assert.Equal(shape.Layers, layers);
        using var theirs = OnnxGraph.Load(model, new SessionSettings());
        using var ours = OnnxGraph.Load(written, new SessionSettings());
        var feeds = Ids(shape, 2, 77);
        string[] outputs = [.. Enumerable.Range(0, layers).Select(HiddenStates.OutputOf)];
        var (wanted, given) = (Twins.Run(theirs, feeds, outputs), Twins.Run(ours, feeds, outputs));
        Assert.All(outputs, output => Assert.True(Twins.Furthest(output, wanted[output], given[output]) <= 5e-6));
    }

    [Theory]
    [InlineData("sd15-tiny", "text_encoder", EarlierLayers.Normalised, 2, false)]
    [InlineData("sd15-tiny", "text_encoder", EarlierLayers.None, 0, false)]
    [InlineData("sdxl-tiny", "text_encoder_2", EarlierLayers.AsTheyAre, 2, true)]
    internal void Part_of_a_model_takes_the_graph(string family, string part, EarlierLayers earlier, int clipSkip, bool pools)
    {
        using var encoder = OnnxGraph.Load(Write(family, part, earlier).Written, new SessionSettings())
            .As(graph => new TextEncoder(graph, normalised: earlier != EarlierLayers.AsTheyAre));
        Assert.Equal(clipSkip, encoder.MaxClipSkip);
        Assert.Equal(pools, encoder.Run([new int[77]], clipSkip)[0].Pooled is not null);
    }

    [Fact]
    public void Text_ends_at_the_first_end_token_where_one_is_named()
    {
        var network = new PackNetwork("sd15-tiny", "text_encoder");
        var shape = ConfigShapes.ClipText(network.Config) with { EndToken = 7 };
        using var graph = OnnxGraph.Load(network.Write(writer => ClipTextEncoder.Write(shape, writer, EarlierLayers.None)), new SessionSettings());
        var results = Twins.Run(graph, new Dictionary<string, Feed> { ["input_ids"] = new([1, 6], [9, 1000, 7, 3, 7, 1133]) });
        Assert.Equal(results["last_hidden_state"].Values[(2 * shape.Width)..(3 * shape.Width)], results["pooler_output"].Values);
    }

    private static (WrittenGraph Written, ClipTextShape Shape) Write(string family, string part, EarlierLayers earlier)
    {
        var network = new PackNetwork(family, part);
        var shape = ConfigShapes.ClipText(network.Config);
        return (network.Write(writer => ClipTextEncoder.Write(shape, writer, earlier, part)), shape);
    }

    private static Dictionary<string, Feed> Ids(ClipTextShape shape, long rows, long tokens) => new()
    {
        ["input_ids"] = new([rows, tokens], [.. Enumerable.Range(0, (int)(rows * tokens)).Select(i => (float)(i * 7919 % shape.Vocabulary))]),
    };
}
