using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.UNets;

/// <summary>
/// The U-Net of Stable Diffusion 1 and 2 and of SDXL (diffusers' <c>UNet2DConditionModel</c>), in all its kinds: inpainting, editing, latent consistency,
/// with a ControlNet's residuals.
/// </summary>
internal sealed class UNet
{
    /// <summary>The residuals of a ControlNet, for each of the pictures that go around the middle, and for the middle.</summary>
    public const string DownResidual = "down_block_res_sample_", MiddleResidual = "mid_block_res_sample";

    private readonly UNetShape shape;
    private readonly NetworkWriter network;
    private readonly Encoder encoder;

    private UNet(UNetShape shape, NetworkWriter network)
    {
        (this.shape, this.network) = (shape, network);
        encoder = new Encoder(shape, network);
    }

    /// <summary>
    /// Writes the graph: <c>sample</c> [B, C, h, w], <c>timestep</c> [B] and <c>encoder_hidden_states</c> [B, T, D] to <c>out_sample</c>.
    /// SDXL's takes <c>text_embeds</c> and <c>time_ids</c> as well, a latent consistency model's <c>timestep_cond</c>.
    /// </summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(UNetShape shape, NetworkWriter network) => new UNet(shape, network).Write();

    private WrittenGraph? Write()
    {
        var root = network.Root;
        var picture = root["conv_in"].Conv(encoder.Sample, shape.Channels[0], 3); // [B, C, h, w]
        var around = encoder.Down(ref picture);
        picture = encoder.Middle(picture);
        if (shape.TakesResiduals) picture = AddResiduals(around, picture);
        for (int i = 0; i < shape.Up.Count; i++) picture = Up(root["up_blocks", i], i, picture, around);
        picture = root["conv_norm_out"].GroupNorm(picture, shape.Groups, shape.Epsilon).Silu();
        network.Graph.FloatOutput("out_sample", root["conv_out"].Conv(picture, shape.OutChannels, 3), "batch_size", shape.OutChannels, "height", "width");
        return network.Finish("unet");
    }

    private GraphValue Up(Module block, int index, GraphValue picture, Stack<GraphValue> around)
    {
        int level = shape.Channels.Count - 1 - index;
        for (int i = 0; i < shape.Up[index].Count; i++)
        {
            var other = around.Pop();
            picture = picture.Graph.Concat(1, picture.Width + other.Width, picture, other);
            picture = encoder.Layer(block, i, level, picture, shape.Up[index][i]);
        }
        return level == 0 ? picture : block["upsamplers", 0]["conv"].Conv(Resizing.Double(picture), picture.Width, 3);
    }

    /// <summary>Adds what a ControlNet found to each picture on its way around, and to the middle's.</summary>
    private GraphValue AddResiduals(Stack<GraphValue> around, GraphValue middle)
    {
        GraphValue[] pictures = [.. around.Reverse()];
        around.Clear();
        for (int i = 0; i < pictures.Length; i++) around.Push(pictures[i] + Residual($"{DownResidual}{i}", pictures[i].Width));
        return middle + Residual(MiddleResidual, middle.Width);

        GraphValue Residual(string name, int channels) =>
            network.Graph.FloatInput(name, channels, "batch_size", channels, $"h_{name}", $"w_{name}");
    }
}
