using Darkroom.Models.Files;
using Darkroom.Models.Networks.Autoencoders;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What <c>vae/config.json</c> says of how the autoencoder is built.</summary>
internal static class AutoencoderShapeFile
{
    private const int MaxLevels = 8, MaxChannels = 1 << 16;

    /// <summary>The shape; null where a fault was added.</summary>
    /// <param name="root">A folder.</param>
    /// <param name="faults">Receives what is wrong.</param>
    /// <param name="file">The configuration in it, with <c>/</c>.</param>
    public static AutoencoderShape? Read(string root, FaultList faults, string file = "vae/config.json")
    {
        if (JsonFile.Read(root, file, faults) is not { } fields) return null;
        if (fields.Text("act_fn") is { } other and not "silu") fields.Fault("act_fn", $"an autoencoder with '{other}' cannot be built, only 'silu'");
        var usual = new AutoencoderShape();
        var channels = fields.Sizes("block_out_channels", MaxChannels);
        if (channels?.Count > MaxLevels)
        {
            fields.Fault("block_out_channels", $"{channels.Count} levels, at most {MaxLevels} are possible");
            return null;
        }
        return usual with
        {
            Channels = channels ?? usual.Channels,
            Layers = fields.Integer("layers_per_block", 1, 16) ?? 1, // diffusers' default, which published configs override
            LatentChannels = fields.Integer("latent_channels", 1, 1024) ?? usual.LatentChannels,
            PictureChannels = fields.Integer("in_channels", 1, 16) ?? usual.PictureChannels,
            Groups = fields.Integer("norm_num_groups", 1, 1024) ?? usual.Groups,
            HasQuantConv = fields.Flag("use_quant_conv") ?? true,
            Attends = fields.Flag("mid_block_add_attention") ?? true,
            Upcasts = fields.Flag("force_upcast") ?? false,
        };
    }
}
