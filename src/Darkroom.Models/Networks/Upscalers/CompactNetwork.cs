using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Upscalers;

/// <summary>
/// The small upscaler of Real-ESRGAN, known as SRVGGNetCompact: a line of convolutions, whose answer is added to the picture with its pixels repeated.
/// </summary>
internal static class CompactNetwork
{
    private const int PictureChannels = 3;

    /// <summary>Writes the graph: <c>input</c> [B, 3, H, W] in [0, 1] to <c>output</c> [B, 3, sH, sW].</summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(CompactShape shape, NetworkWriter network)
    {
        var (graph, root) = (network.Graph, network.Root);
        var input = graph.FloatInput("input", PictureChannels, "batch_size", PictureChannels, "height", "width");
        var stream = input;
        int last = 2 * (shape.Convolutions + 1);
        for (int i = 0; i < last; i += 2)
        {
            stream = root["body", i].Conv(stream, shape.Features, 3); // [B, C, H, W]
            stream = graph.Add("PRelu", shape.Features, [stream, root["body", i + 1]["weight"].Parameter(shape.Features, 1, 1)]);
        }
        stream = Resizing.FromChannels(root["body", last].Conv(stream, PictureChannels * shape.Scale * shape.Scale, 3), shape.Scale); // [B, 3, sH, sW]
        graph.FloatOutput("output", stream + Resizing.Repeat(input, shape.Scale), "batch_size", PictureChannels, "height_out", "width_out");
        return network.Finish("upscaler");
    }
}
