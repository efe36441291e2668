using Darkroom.Models.Files;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What <c>unet/config.json</c> says of how a U-Net without a text is built. What it leaves unsaid is diffusers' default.</summary>
internal static class PictureUNetShapeFile
{
    private const int MaxLevels = 8, MaxChannels = 1 << 16;

    /// <summary>Settings that change the network, with the one value that is written here.</summary>
    private static readonly (string Name, string Value)[] Fixed =
    [
        ("act_fn", "silu"), ("resnet_time_scale_shift", "default"), ("time_embedding_type", "positional"), ("downsample_type", "conv"),
        ("upsample_type", "conv"),
    ];

    /// <summary>The shape; null where a fault was added.</summary>
    public static PictureUNetShape? Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, "unet/config.json", faults) is not { } fields) return null;
        foreach (var (name, value) in Fixed)
            if (fields.Text(name) is { } other && other != value) fields.Fault(name, $"a U-Net with '{other}' cannot be built, only '{value}'");
        var levels = fields.Sizes("block_out_channels", MaxChannels) ?? [224, 448, 672, 896];
        var blocks = fields.Words("down_block_types", 200) ?? ["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"];
        if (levels.Count > MaxLevels || levels.Count != blocks.Count)
        {
            fields.Fault("down_block_types", $"{blocks.Count} blocks for {levels.Count} levels; {MaxLevels} at most");
            return null;
        }
        return new PictureUNetShape
        {
            Channels = fields.Integer("in_channels", 1, 4096) ?? 3,
            Levels = levels,
            Attends = [.. blocks.Select(block => block.Contains("Attn", StringComparison.Ordinal))],
            Layers = fields.Integer("layers_per_block", 1, 16) ?? 2,
            HeadWidth = fields.Has("attention_head_dim") ? fields.Integer("attention_head_dim", 1, MaxChannels) : null,
            MiddleAttends = fields.Flag("add_attention") ?? true,
            Groups = fields.Integer("norm_num_groups", 1, 1024) ?? 32,
            Epsilon = (float)(fields.Number("norm_eps", 0, 1) ?? 1e-5),
            CosineFirst = fields.Flag("flip_sin_to_cos") ?? true,
            FrequencyShift = (float)(fields.Number("freq_shift", -100, 100) ?? 0),
            Padding = fields.Integer("downsample_padding", 0, 1) ?? 1,
        };
    }
}
