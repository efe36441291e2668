using Darkroom.Models.Files;
using Darkroom.Models.Networks.Transformers;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What <c>transformer/config.json</c> says of how FLUX's transformer is built. What it leaves unsaid is diffusers' default.</summary>
internal static class FluxShapeFile
{
    private const int MaxWidth = 1 << 16, MaxLayers = 1 << 10;

    /// <summary>The shape; null where a fault was added.</summary>
    public static FluxShape? Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, "transformer/config.json", faults) is not { } fields) return null;
        if (fields.Integer("patch_size", 1, 64) is { } patch and not 1)
        {
            fields.Fault("patch_size", $"{patch}: FLUX's patches are made before the transformer, so that 1 is expected");
            return null;
        }
        int channels = fields.Integer("in_channels", 4, 4096) ?? 64;
        return new FluxShape
        {
            InChannels = channels,
            OutChannels = fields.Integer("out_channels", 4, 4096) ?? channels,
            Layers = fields.Integer("num_layers", 0, MaxLayers) ?? 19,
            SingleLayers = fields.Integer("num_single_layers", 0, MaxLayers) ?? 38,
            Heads = fields.Integer("num_attention_heads", 1, MaxLayers) ?? 24,
            HeadWidth = fields.Integer("attention_head_dim", 1, MaxWidth) ?? 128,
            TextWidth = fields.Integer("joint_attention_dim", 1, MaxWidth) ?? 4096,
            PooledWidth = fields.Integer("pooled_projection_dim", 1, MaxWidth) ?? 768,
            TakesGuidance = fields.Flag("guidance_embeds") ?? false,
            PlaceWidths = fields.Sizes("axes_dims_rope", MaxWidth) ?? [16, 56, 56],
        };
    }
}
