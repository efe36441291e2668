using Darkroom.Models.Files;
using Darkroom.Models.Networks.Transformers;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What <c>transformer/config.json</c> says of how a DiT is built. What it leaves unsaid is diffusers' default.</summary>
internal static class DiTShapeFile
{
    private const int MaxWidth = 1 << 16, MaxLayers = 1 << 10;

    /// <summary>The shape; null where a fault was added.</summary>
    public static DiTShape? Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, "transformer/config.json", faults) is not { } fields) return null;
        int channels = fields.Integer("in_channels", 1, 4096) ?? 4;
        return new DiTShape
        {
            InChannels = channels,
            OutChannels = fields.Integer("out_channels", 1, 4096) ?? channels,
            PatchSize = fields.Integer("patch_size", 1, 64) ?? 2,
            SampleSize = fields.Integer("sample_size", 1, MaxWidth) ?? 32,
            Layers = fields.Integer("num_layers", 1, MaxLayers) ?? 28,
            Heads = fields.Integer("num_attention_heads", 1, MaxLayers) ?? 16,
            HeadWidth = fields.Integer("attention_head_dim", 1, MaxWidth) ?? 72,
            Classes = fields.Integer("num_embeds_ada_norm", 1, 1 << 24) ?? 1000,
            Epsilon = (float)(fields.Number("norm_eps", 0, 1) ?? 1e-5),
        };
    }
}
