using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Upscalers;

/// <summary>The upscaler of ESRGAN and Real-ESRGAN, known as RRDBNet: dense blocks at the picture's own size, then two doublings.</summary>
/// <remarks>Wang and others, ESRGAN: enhanced super-resolution generative adversarial networks, 3.1.</remarks>
internal static class ResidualDenseNetwork
{
    private const int PictureChannels = 3;
    private const float Share = 0.2f;

    /// <summary>Writes the graph: <c>input</c> [B, 3, H, W] in [0, 1] to <c>output</c> [B, 3, sH, sW].</summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(ResidualDenseShape shape, NetworkWriter network)
    {
        var root = network.Root;
        var input = network.Graph.FloatInput("input", PictureChannels, "batch_size", PictureChannels, "height", "width");
        var first = root["conv_first"].Conv(shape.CellSide == 1 ? input : Resizing.ToChannels(input, shape.CellSide), shape.Features, 3); // [B, C, h, w]
        var stream = first;
        for (int i = 0; i < shape.Blocks; i++) stream = Block(root["body", i], stream, shape.Growth);
        stream = first + root["conv_body"].Conv(stream, shape.Features, 3);
        foreach (string name in (string[])["conv_up1", "conv_up2"]) stream = Resizing.Double(stream).Then(root[name], shape.Features);
        network.Graph.FloatOutput("output", root["conv_last"].Conv(stream.Then(root["conv_hr"], shape.Features), PictureChannels, 3),
            "batch_size", PictureChannels, "height_out", "width_out");
        return network.Finish("upscaler");
    }

    private static GraphValue Block(Module block, GraphValue stream, int growth)
    {
        var h = stream;
        foreach (string name in (string[])["rdb1", "rdb2", "rdb3"]) h = Dense(block[name], h, growth);
        return stream + h * Share;
    }

    /// <summary>Five convolutions, each over all that came before it in the block.</summary>
    private static GraphValue Dense(Module block, GraphValue stream, int growth)
    {
        var all = stream;
        for (int i = 1; i <= 4; i++)
        {
            var next = all.Then(block[$"conv{i}"], growth);
            all = stream.Graph.Concat(1, all.Width + growth, all, next);
        }
        return stream + block["conv5"].Conv(all, stream.Width, 3) * Share;
    }

    private static GraphValue Then(this GraphValue value, Module conv, int channels) =>
        value.Graph.Add("LeakyRelu", channels, [conv.Conv(value, channels, 3)], static node => node.Set("alpha", Share));
}
