using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.UNets;

/// <summary>
/// A ControlNet for Stable Diffusion or SDXL, diffusers' <c>ControlNetModel</c>: it sees the latents and a picture, and gives what is to be added inside
/// the U-Net. As two graphs, since what it makes of the picture is the same at every step.
/// </summary>
internal static class ControlNet
{
    /// <summary>The picture, and what the second graph is given of it.</summary>
    public const string Picture = "controlnet_cond", Hint = "hint";

    /// <summary>Writes the first graph: <c>controlnet_cond</c> [B, 3, H, W] in [0, 1] to <c>hint</c> [B, C, h, w].</summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? WriteHint(ControlNetShape shape, NetworkWriter network)
    {
        var given = network.Graph.FloatInput(Picture, shape.PictureChannels, "batch_size", shape.PictureChannels, "image_height", "image_width");
        var hint = Embed(network.Root["controlnet_cond_embedding"], given, shape);
        network.Graph.FloatOutput(Hint, hint, "batch_size", hint.Width, "height", "width");
        return network.Finish("controlnet_hint");
    }

    /// <summary>
    /// Writes the second graph: a U-Net's inputs, <c>hint</c> [B, C, h, w], and <c>conditioning_scale</c> [B, residuals]: what each residual of each row is
    /// multiplied by. To the U-Net's further inputs, the middle's last.
    /// </summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(ControlNetShape shape, NetworkWriter network)
    {
        var graph = network.Graph;
        var encoder = new Encoder(shape.UNet, network);
        int channels = shape.UNet.Channels[0];
        var picture = network.Root["conv_in"].Conv(encoder.Sample, channels, 3)
            + graph.FloatInput(Hint, channels, "batch_size", channels, "height", "width"); // [B, C, h, w]
        GraphValue[] around = [.. encoder.Down(ref picture).Reverse()];
        var middle = encoder.Middle(picture);

        var scales = graph.FloatInput("conditioning_scale", 0, "batch_size", around.Length + 1); // [B, n]
        for (int i = 0; i < around.Length; i++)
            Give($"{UNet.DownResidual}{i}", network.Root["controlnet_down_blocks", i].Conv(around[i], around[i].Width, 1), i);
        Give(UNet.MiddleResidual, network.Root["controlnet_mid_block"].Conv(middle, middle.Width, 1), around.Length);
        return network.Finish("controlnet");

        void Give(string name, GraphValue residual, int index) =>
            graph.FloatOutput(name, residual * scales.Slice(1, index, index + 1).Unsqueeze(2, 3), "batch_size", residual.Width, $"h_{name}", $"w_{name}");
    }

    /// <summary>The picture at the latents' size, [B, C, h, w].</summary>
    private static GraphValue Embed(Module module, GraphValue picture, ControlNetShape shape)
    {
        picture = module["conv_in"].Conv(picture, shape.PictureLevels[0], 3).Silu();
        for (int i = 0; i + 1 < shape.PictureLevels.Count; i++)
        {
            picture = module["blocks", 2 * i].Conv(picture, shape.PictureLevels[i], 3).Silu();
            picture = module["blocks", 2 * i + 1].Conv(picture, shape.PictureLevels[i + 1], 3, stride: 2).Silu();
        }
        return module["conv_out"].Conv(picture, shape.UNet.Channels[0], 3);
    }
}
