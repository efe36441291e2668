using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>The decoder of diffusers' <c>AutoencoderKL</c> as torch's exporter writes it.</summary>
internal static class TorchDecoder
{
    private const float Epsilon = 1e-6f;

    /// <returns>Null where the weights do not fit.</returns>
    public static WrittenGraph? Write(AutoencoderShape shape, NetworkWriter network)
    {
        var whole = new TorchModule(network);
        var root = whole["decoder"];
        var sample = network.Graph.FloatInput("latent_sample", shape.LatentChannels, "batch_size", shape.LatentChannels, "latent_height", "latent_width");
        var picture = shape.HasQuantConv ? whole["post_quant_conv"].Conv(sample, shape.LatentChannels, 1) : sample;
        picture = root["conv_in"].Conv(picture, shape.Channels[^1], 3);
        picture = Resnet(root["mid_block"]["resnets", 0], picture, picture.Width);
        if (shape.Attends) picture = Attend(root["mid_block"]["attentions", 0], picture, shape.Groups);
        picture = Resnet(root["mid_block"]["resnets", 1], picture, picture.Width);
        int levels = shape.Channels.Count;
        for (int index = 0; index < levels; index++)
        {
            var block = root["up_blocks", index];
            for (int i = 0; i <= shape.Layers; i++) picture = Resnet(block["resnets", i], picture, shape.Channels[^(index + 1)]);
            if (index < levels - 1) picture = TorchResnet.Double(block["upsamplers", 0], picture);
        }
        picture = root["conv_act"].Silu(root["conv_norm_out"].GroupNorm(picture, shape.Groups, Epsilon));
        picture = root["conv_out"].Conv(picture, shape.PictureChannels, 3);
        network.Graph.FloatOutput("sample", picture, "batch_size", shape.PictureChannels, "sample_height", "sample_width");
        return network.Finish("vae_decoder");

        GraphValue Resnet(TorchModule module, GraphValue from, int channels) => TorchResnet.Write(module, from, channels, shape.Groups, Epsilon);
    }

    private static GraphValue Attend(TorchModule module, GraphValue picture, int groups)
    {
        int width = picture.Width;
        GraphValue[] sides = [.. Enumerable.Range(0, 4).Select(axis => module.Side(picture, axis))];
        var values = module.Reshape(picture, width, module.Sides(sides[0], sides[1], module.Add("Mul", 0, [sides[2], sides[3]]))); // [B, C, h · w]
        var batch = module.Side(module.Turn(values, width, 0, 2, 1), 0);
        var rows = module.Turn(module["group_norm"].GroupNorm(values, groups, Epsilon, rank: 3), width, 0, 2, 1); // [B, h · w, C]
        var attended = TorchAttention.Write(
            module, batch, module["to_q"].Linear(rows, width), module["to_k"].Linear(rows, width), module["to_v"].Linear(rows, width), heads: 1);
        attended = module.Turn(module["to_out", 0].Linear(attended, width), width, 0, 2, 1);
        attended = module.Reshape(attended, width, module.Sides(batch, sides[1], sides[2], sides[3]));
        return module.OverOne(module.Add("Add", width, [attended, picture]));
    }
}
