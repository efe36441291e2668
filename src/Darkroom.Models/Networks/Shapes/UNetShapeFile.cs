using Darkroom.Models.Files;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What a <c>config.json</c> says of how a U-Net, or the half of one that a ControlNet is, is built.</summary>
internal static class UNetShapeFile
{
    private const int MaxLevels = 8, MaxChannels = 1 << 16, MaxHeads = 1 << 10, MaxDepth = 64, MaxLayers = 16;

    /// <summary>Settings of diffusers' U-Nets that change the network, with the one value that is written here.</summary>
    private static readonly (string Name, string Value)[] Fixed =
    [
        ("act_fn", "silu"), ("resnet_time_scale_shift", "default"), ("time_embedding_type", "positional"), ("attention_type", "default"),
    ];

    /// <summary>The shape; null where a fault was added.</summary>
    public static UNetShape? Read(string root, FaultList faults) => JsonFile.Read(root, "unet/config.json", faults) is { } fields ? Read(fields) : null;

    /// <summary>The shape; null where a fault was added.</summary>
    public static UNetShape? Read(JsonFields fields)
    {
        foreach (var (name, value) in Fixed)
            if (fields.Text(name) is { } other && other != value) fields.Fault(name, $"a U-Net with '{other}' cannot be built, only '{value}'");
        foreach (string name in (string[])["dual_cross_attention", "only_cross_attention", "center_input_sample", "class_embeddings_concat"])
            if (fields.Find(name) is { ValueKind: System.Text.Json.JsonValueKind.True }) fields.Fault(name, "a U-Net with it cannot be built");
        var channels = fields.Sizes("block_out_channels", MaxChannels);
        var blocks = fields.Words("down_block_types", 200);
        var heads = fields.Sizes("num_attention_heads", MaxHeads) ?? fields.Sizes("attention_head_dim", MaxHeads);
        int? layers = fields.Integer("layers_per_block", 1, MaxLayers), text = fields.Sizes("cross_attention_dim", MaxChannels)?.Max();
        foreach (var (name, value) in ((string, object?)[])
            [("block_out_channels", channels), ("down_block_types", blocks), ("attention_head_dim", heads), ("layers_per_block", layers),
                ("cross_attention_dim", text)])
            if (value is null && !fields.Has(name)) fields.Fault(name, "is missing: the U-Net cannot be built without it");
        if (channels is null || blocks is null || heads is null || layers is null || text is null) return null;
        if (channels.Count > MaxLevels || channels.Count != blocks.Count)
        {
            fields.Fault("down_block_types", $"{blocks.Count} blocks for {channels.Count} levels; {MaxLevels} at most");
            return null;
        }
        var perLevel = Spread(fields.Sizes("transformer_layers_per_block", MaxDepth) ?? [1], channels.Count);
        int[] depths = [.. blocks.Select((block, level) => block.Contains("CrossAttn", StringComparison.Ordinal) ? perLevel[level] : 0)];
        var (down, up) = UNetShape.Ways(layers.Value, depths);
        return new UNetShape
        {
            InChannels = fields.Integer("in_channels", 1, 4096) ?? 4,
            OutChannels = fields.Integer("out_channels", 1, 4096) ?? 4,
            Channels = channels,
            Down = down,
            Up = up,
            Middle = perLevel[^1],
            Heads = Spread(heads, channels.Count),
            TextWidth = text.Value,
            Groups = fields.Integer("norm_num_groups", 1, MaxHeads) ?? 32,
            Epsilon = (float)(fields.Number("norm_eps", 0, 1) ?? 1e-5),
            CosineFirst = fields.Flag("flip_sin_to_cos") ?? true,
            FrequencyShift = (float)(fields.Number("freq_shift", -100, 100) ?? 0),
            GuidanceWidth = fields.Integer("time_cond_proj_dim", 1, MaxChannels),
            Added = fields.Text("addition_embed_type") == "text_time" ? AddedOf(fields) : null,
            SampleSize = fields.Sizes("sample_size", MaxChannels)?.Max() ?? 64,
        };
    }

    /// <summary>The text's width is what the layers take beyond the features of the sizes.</summary>
    private static AddedConditions? AddedOf(JsonFields fields)
    {
        const int Sizes = 6;
        int each = fields.Integer("addition_time_embed_dim", 1, MaxChannels) ?? 256;
        const string All = "projection_class_embeddings_input_dim";
        if (fields.Integer(All, 1, MaxChannels) is { } all && all > Sizes * each) return new(all - Sizes * each, Sizes, each);
        fields.Fault(All, $"is missing, or leaves nothing for the text beside {Sizes} sizes of {each}");
        return null;
    }

    private static IReadOnlyList<int> Spread(IReadOnlyList<int> values, int levels) =>
        [.. Enumerable.Range(0, levels).Select(level => values[Math.Min(level, values.Count - 1)])];
}
