using Darkroom.Models.Files;
using Darkroom.Models.Networks.T5;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What a T5 encoder's <c>config.json</c> says of how it is built. What it leaves unsaid is transformers' default.</summary>
internal static class T5ShapeFile
{
    private const int MaxWidth = 1 << 16, MaxLayers = 1 << 10;

    /// <summary>The shape; null where a fault was added.</summary>
    public static T5Shape? Read(string root, string part, FaultList faults)
    {
        if (JsonFile.Read(root, $"{part}/config.json", faults) is not { } fields) return null;
        if (fields.Text("feed_forward_proj") is { } inner and not "gated-gelu")
        {
            fields.Fault("feed_forward_proj", $"'{inner}': only T5 1.1 can be built, which has 'gated-gelu'");
            return null;
        }
        return new T5Shape
        {
            Vocabulary = fields.Integer("vocab_size", 1, 1 << 24) ?? 32128,
            Width = fields.Integer("d_model", 1, MaxWidth) ?? 512,
            Layers = fields.Integer("num_layers", 1, MaxLayers) ?? 6,
            Heads = fields.Integer("num_heads", 1, MaxLayers) ?? 8,
            HeadWidth = fields.Integer("d_kv", 1, MaxWidth) ?? 64,
            InnerWidth = fields.Integer("d_ff", 1, MaxWidth) ?? 2048,
            Buckets = fields.Integer("relative_attention_num_buckets", 1, MaxWidth) ?? 32,
            MaxDistance = fields.Integer("relative_attention_max_distance", 1, MaxWidth) ?? 128,
            Epsilon = (float)(fields.Number("layer_norm_epsilon", 0, 1) ?? 1e-6),
        };
    }
}
