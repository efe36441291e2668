using System.Text.Json;
using Darkroom.Models.Files;
using Darkroom.Models.Networks.Clip;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What a CLIP text encoder's <c>config.json</c> says of how it is built. What it leaves unsaid is transformers' default.</summary>
internal static class ClipTextShapeFile
{
    private const int MaxWidth = 1 << 16;

    /// <summary>The shape; null where a fault was added.</summary>
    /// <param name="root">The folder with the configurations.</param>
    /// <param name="part"><c>text_encoder</c>, or <c>text_encoder_2</c>.</param>
    public static ClipTextShape? Read(string root, string part, FaultList faults)
    {
        if (JsonFile.Read(root, $"{part}/config.json", faults) is not { } fields) return null;
        // Defaults of transformers' CLIPTextConfig.
        int width = fields.Integer("hidden_size", 1, MaxWidth) ?? 512;
        bool projects = fields.Find("architectures") is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().Any(static name =>
            name is { ValueKind: JsonValueKind.String } && name.GetString() == "CLIPTextModelWithProjection");
        string activation = fields.Word("hidden_act", "quick_gelu", "gelu") ?? "quick_gelu";
        return new ClipTextShape
        {
            Vocabulary = fields.Integer("vocab_size", 1, 1 << 24) ?? 49408,
            Width = width,
            Layers = fields.Integer("num_hidden_layers", 1, 1 << 10) ?? 12,
            Heads = fields.Integer("num_attention_heads", 1, 1 << 10) ?? 8,
            InnerWidth = fields.Integer("intermediate_size", 1, MaxWidth) ?? 2048,
            Positions = fields.Integer("max_position_embeddings", 3, MaxWidth) ?? 77,
            ExactGelu = activation == "gelu",
            Epsilon = (float)(fields.Number("layer_norm_eps", 0, 1) ?? 1e-5),
            Projection = projects ? fields.Integer("projection_dim", 1, MaxWidth) ?? 512 : null,
            EndToken = fields.Integer("eos_token_id", 0, 1 << 24),
        };
    }
}
