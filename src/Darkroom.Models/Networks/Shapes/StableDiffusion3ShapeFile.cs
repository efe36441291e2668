using Darkroom.Models.Files;
using Darkroom.Models.Networks.Transformers;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What <c>transformer/config.json</c> says of how Stable Diffusion 3's transformer is built. What it leaves unsaid is diffusers' default.</summary>
internal static class StableDiffusion3ShapeFile
{
    private const int MaxWidth = 1 << 16, MaxLayers = 1 << 10;

    /// <summary>The shape; null where a fault was added.</summary>
    public static StableDiffusion3Shape? Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, "transformer/config.json", faults) is not { } fields) return null;
        return new StableDiffusion3Shape
        {
            Channels = fields.Integer("in_channels", 1, 4096) ?? 16,
            PatchSize = fields.Integer("patch_size", 1, 64) ?? 2,
            Layers = fields.Integer("num_layers", 1, MaxLayers) ?? 18,
            Heads = fields.Integer("num_attention_heads", 1, MaxLayers) ?? 18,
            HeadWidth = fields.Integer("attention_head_dim", 1, MaxWidth) ?? 64,
            TextWidth = fields.Integer("joint_attention_dim", 1, MaxWidth) ?? 4096,
            PooledWidth = fields.Integer("pooled_projection_dim", 1, MaxWidth) ?? 2048,
            MaxPatches = fields.Integer("pos_embed_max_size", 1, MaxWidth) ?? 96,
            NormalisesQueries = fields.Word("qk_norm", "rms_norm") is not null,
            DualLayers = fields.Find("dual_attention_layers") is { ValueKind: System.Text.Json.JsonValueKind.Array } list && list.GetArrayLength() > 0
                ? [.. list.EnumerateArray().Where(static item => item.TryGetInt32(out _)).Select(static item => item.GetInt32())]
                : [],
        };
    }
}
