using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Autoencoders;

/// <summary>Both halves of diffusers' <c>AutoencoderKL</c>, each a graph of its own.</summary>
internal sealed class Autoencoder
{
    private const float Epsilon = 1e-6f;

    private readonly AutoencoderShape shape;
    private readonly NetworkWriter network;
    private readonly ResnetBlock resnet;

    private Autoencoder(AutoencoderShape shape, NetworkWriter network)
    {
        (this.shape, this.network) = (shape, network);
        resnet = new ResnetBlock(shape.Groups, Epsilon);
    }

    /// <summary>Writes the encoder: <c>sample</c> [B, 3, H, W] to <c>latent_parameters</c> [B, 2C, h, w], mean and log-variance.</summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? WriteEncoder(AutoencoderShape shape, NetworkWriter network) => new Autoencoder(shape, network).Encoder();

    /// <summary>Writes the decoder: <c>latent_sample</c> [B, C, h, w] to <c>sample</c> [B, 3, H, W].</summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? WriteDecoder(AutoencoderShape shape, NetworkWriter network) => new Autoencoder(shape, network).Decoder();

    private WrittenGraph? Encoder()
    {
        var root = network.Root["encoder"];
        var sample = network.Graph.FloatInput("sample", shape.PictureChannels, "batch_size", shape.PictureChannels, "sample_height", "sample_width");
        var picture = root["conv_in"].Conv(sample, shape.Channels[0], 3); // [B, C, H, W]
        for (int level = 0; level < shape.Channels.Count; level++)
        {
            var block = root["down_blocks", level];
            for (int i = 0; i < shape.Layers; i++) picture = resnet.Write(block["resnets", i], picture, shape.Channels[level]);
            if (level < shape.Channels.Count - 1) // padded at the bottom and on the right alone
                picture = block["downsamplers", 0]["conv"].Conv(picture, picture.Width, 3, stride: 2, pads: [0, 0, 1, 1]); // [B, C, H / 2, W / 2]
        }
        picture = Middle(root["mid_block"], picture, Sequences.Of(sample));
        int moments = 2 * shape.LatentChannels;
        picture = root["conv_out"].Conv(root["conv_norm_out"].GroupNorm(picture, shape.Groups, Epsilon).Silu(), moments, 3); // [B, 2C, h, w]
        if (shape.HasQuantConv) picture = network.Root["quant_conv"].Conv(picture, moments, 1);
        network.Graph.FloatOutput("latent_parameters", picture, "batch_size", moments, "latent_height", "latent_width");
        return network.Finish("vae_encoder");
    }

    private WrittenGraph? Decoder()
    {
        var root = network.Root["decoder"];
        var sample = network.Graph.FloatInput("latent_sample", shape.LatentChannels, "batch_size", shape.LatentChannels, "latent_height", "latent_width");
        var picture = shape.HasQuantConv ? network.Root["post_quant_conv"].Conv(sample, shape.LatentChannels, 1) : sample; // [B, C, h, w]
        picture = root["conv_in"].Conv(picture, shape.Channels[^1], 3);
        picture = Middle(root["mid_block"], picture, Sequences.Of(sample));
        for (int index = 0; index < shape.Channels.Count; index++)
        {
            var block = root["up_blocks", index];
            for (int i = 0; i <= shape.Layers; i++) picture = resnet.Write(block["resnets", i], picture, shape.Channels[^(index + 1)]);
            if (index < shape.Channels.Count - 1)
                picture = block["upsamplers", 0]["conv"].Conv(Resizing.Double(picture), picture.Width, 3); // [B, C, 2h, 2w]
        }
        picture = root["conv_out"].Conv(root["conv_norm_out"].GroupNorm(picture, shape.Groups, Epsilon).Silu(), shape.PictureChannels, 3);
        network.Graph.FloatOutput("sample", picture, "batch_size", shape.PictureChannels, "sample_height", "sample_width"); // [B, 3, H, W]
        return network.Finish("vae_decoder");
    }

    private GraphValue Middle(Module block, GraphValue picture, Sequences sequences)
    {
        picture = resnet.Write(block["resnets", 0], picture, picture.Width);
        if (shape.Attends)
            picture = new PictureAttention(sequences, new Attention(1) { Many = true }, shape.Groups, Epsilon).Write(block["attentions", 0], picture);
        return resnet.Write(block["resnets", 1], picture, picture.Width);
    }
}
