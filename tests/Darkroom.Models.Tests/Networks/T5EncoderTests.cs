using Darkroom.Models.Networks.T5;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>T5 encoders written from transformers' weights, against the exporter's graphs of them.</summary>
[Trait("Category", "Conformance")]
public sealed class T5EncoderTests
{
    [Theory]
    [InlineData("sd3-tiny", "text_encoder_3")]
    [InlineData("flux-tiny", "text_encoder_2")]
    public void Answers_as_the_exporters_graph_does(string family, string part)
    {
        var network = new PackNetwork(family, part);
        var shape = ConfigShapes.T5(network.Config);
        var written = network.Write(writer => T5Encoder.Write(shape, writer, part));
        using var measure = new Measure($"networks/{family}", part);
        // The last is longer than the greatest distance that the network tells apart.
        foreach (var (rows, tokens) in ((long, long)[])[(1, 77), (2, 1), (2, 300)])
            measure.Bound($"{rows}x{tokens}", Twins.Compare(written, PackNetwork.Exported(family, part), new Dictionary<string, Feed>
            {
                ["input_ids"] = new([rows, tokens], [.. Enumerable.Range(0, (int)(rows * tokens)).Select(i => (float)(i * 7919 % shape.Vocabulary))]),
            }), 5e-6);
    }
}
