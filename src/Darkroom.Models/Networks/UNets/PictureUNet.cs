using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.UNets;

/// <summary>The U-Net of denoising diffusion without a text, diffusers' <c>UNet2DModel</c>.</summary>
/// <remarks>Ho and others, Denoising diffusion probabilistic models, appendix B.</remarks>
internal sealed class PictureUNet
{
    private readonly PictureUNetShape shape;
    private readonly NetworkWriter network;
    private readonly ResnetBlock resnet;
    private readonly Sequences sequences;
    private readonly GraphValue sample, time;

    private PictureUNet(PictureUNetShape shape, NetworkWriter network)
    {
        (this.shape, this.network) = (shape, network);
        sample = network.Graph.FloatInput("sample", shape.Channels, "batch_size", shape.Channels, "height", "width");
        var timestep = network.Graph.Input("timestep", OnnxElement.Float, "batch_size");
        (sequences, resnet) = (Sequences.Of(sample), new ResnetBlock(shape.Groups, shape.Epsilon));
        var waves = new TimestepEmbedding(shape.Levels[0], shape.CosineFirst, shape.FrequencyShift).Waves(timestep);
        time = TimestepEmbedding.Layers(network.Root["time_embedding"], waves, 4 * shape.Levels[0]).Silu(); // [B, T]
    }

    /// <summary>Writes the graph: <c>sample</c> [B, C, H, W] and <c>timestep</c> [B] to <c>out_sample</c>.</summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(PictureUNetShape shape, NetworkWriter network)
    {
        var answer = new PictureUNet(shape, network).Answer();
        network.Graph.FloatOutput("out_sample", answer, "batch_size", shape.Channels, "height", "width");
        return network.Finish("unet");
    }

    private GraphValue Answer()
    {
        var root = network.Root;
        var picture = root["conv_in"].Conv(sample, shape.Levels[0], 3); // [B, C, H, W]
        var around = new Stack<GraphValue>([picture]);
        int last = shape.Levels.Count - 1;
        for (int level = 0; level <= last; level++)
        {
            var block = root["down_blocks", level];
            for (int i = 0; i < shape.Layers; i++) around.Push(picture = Layer(block, i, level, picture));
            if (level < last) around.Push(picture = Down(block["downsamplers", 0]["conv"], picture));
        }
        picture = Middle(root["mid_block"], picture);
        for (int level = last; level >= 0; level--)
        {
            var block = root["up_blocks", last - level];
            for (int i = 0; i <= shape.Layers; i++)
            {
                var other = around.Pop();
                picture = Layer(block, i, level, network.Graph.Concat(1, picture.Width + other.Width, picture, other));
            }
            if (level > 0) picture = block["upsamplers", 0]["conv"].Conv(Resizing.Double(picture), picture.Width, 3);
        }
        return root["conv_out"].Conv(root["conv_norm_out"].GroupNorm(picture, shape.Groups, shape.Epsilon).Silu(), shape.Channels, 3);
    }

    private GraphValue Layer(Module block, int index, int level, GraphValue picture)
    {
        picture = resnet.Write(block["resnets", index], picture, shape.Levels[level], time);
        return shape.Attends[level] ? Attend(block["attentions", index], picture) : picture;
    }

    private GraphValue Middle(Module block, GraphValue picture)
    {
        picture = resnet.Write(block["resnets", 0], picture, picture.Width, time);
        if (shape.MiddleAttends) picture = Attend(block["attentions", 0], picture);
        return resnet.Write(block["resnets", 1], picture, picture.Width, time);
    }

    private GraphValue Attend(Module module, GraphValue picture)
    {
        var attention = new Attention(shape.HeadWidth is { } width ? picture.Width / width : 1);
        return new PictureAttention(sequences, attention, shape.Groups, shape.Epsilon).Write(module, picture);
    }

    private GraphValue Down(Module conv, GraphValue picture) =>
        conv.Conv(picture, picture.Width, 3, stride: 2, pads: shape.Padding == 0 ? [0, 0, 1, 1] : null); // [B, C, H / 2, W / 2]
}
