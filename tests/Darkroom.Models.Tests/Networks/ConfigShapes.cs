using System.Text.Json;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Networks.T5;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Tests.Networks;

/// <summary>Shapes of networks as the pack's <c>config.json</c> files say them.</summary>
internal static class ConfigShapes
{
    public static UNetShape UNet(JsonElement json)
    {
        int[] channels = Integers(json, "block_out_channels"), perLevel = Spread(json, "transformer_layers_per_block", channels.Length);
        string[] blocks = [.. json.GetProperty("down_block_types").EnumerateArray().Select(block => block.GetString()!)];
        var (down, up) = UNetShape.Ways(json.GetProperty("layers_per_block").GetInt32(),
            [.. blocks.Select((block, level) => block.Contains("CrossAttn", StringComparison.Ordinal) ? perLevel[level] : 0)]);
        return new UNetShape
        {
            InChannels = json.GetProperty("in_channels").GetInt32(),
            OutChannels = json.TryGetProperty("out_channels", out var given) ? given.GetInt32() : 4,
            Channels = channels,
            Down = down,
            Up = up,
            Middle = perLevel[^1],
            Heads = Spread(json, "attention_head_dim", channels.Length),
            TextWidth = json.GetProperty("cross_attention_dim").GetInt32(),
            Groups = json.GetProperty("norm_num_groups").GetInt32(),
            GuidanceWidth = json.TryGetProperty("time_cond_proj_dim", out var guidance) && guidance.ValueKind == JsonValueKind.Number
                ? guidance.GetInt32() : null,
            Added = json.GetProperty("addition_embed_type").ValueKind == JsonValueKind.String ? Added(json) : null,
            SampleSize = json.TryGetProperty("sample_size", out var size) ? size.GetInt32() : 8,
        };
    }

    public static AutoencoderShape Autoencoder(JsonElement json) => new()
    {
        Channels = Integers(json, "block_out_channels"),
        Layers = json.GetProperty("layers_per_block").GetInt32(),
        LatentChannels = json.GetProperty("latent_channels").GetInt32(),
        Groups = json.GetProperty("norm_num_groups").GetInt32(),
        HasQuantConv = json.GetProperty("use_quant_conv").GetBoolean(),
        Attends = json.GetProperty("mid_block_add_attention").GetBoolean(),
    };

    public static ClipTextShape ClipText(JsonElement json) => new()
    {
        Vocabulary = json.GetProperty("vocab_size").GetInt32(),
        Width = json.GetProperty("hidden_size").GetInt32(),
        Layers = json.GetProperty("num_hidden_layers").GetInt32(),
        Heads = json.GetProperty("num_attention_heads").GetInt32(),
        InnerWidth = json.GetProperty("intermediate_size").GetInt32(),
        Positions = json.GetProperty("max_position_embeddings").GetInt32(),
        ExactGelu = json.GetProperty("hidden_act").GetString() == "gelu",
        Projection = json.GetProperty("architectures")[0].GetString() == "CLIPTextModelWithProjection" ? json.GetProperty("projection_dim").GetInt32() : null,
        EndToken = json.GetProperty("eos_token_id").GetInt32(),
    };

    public static T5Shape T5(JsonElement json) => new()
    {
        Vocabulary = json.GetProperty("vocab_size").GetInt32(),
        Width = json.GetProperty("d_model").GetInt32(),
        Layers = json.GetProperty("num_layers").GetInt32(),
        Heads = json.GetProperty("num_heads").GetInt32(),
        HeadWidth = json.GetProperty("d_kv").GetInt32(),
        InnerWidth = json.GetProperty("d_ff").GetInt32(),
        Buckets = json.GetProperty("relative_attention_num_buckets").GetInt32(),
        MaxDistance = json.GetProperty("relative_attention_max_distance").GetInt32(),
    };

    public static ControlNetShape ControlNet(JsonElement json) => new(UNet(json))
    {
        PictureChannels = json.GetProperty("conditioning_channels").GetInt32(),
        PictureLevels = Integers(json, "conditioning_embedding_out_channels"),
    };

    public static PictureUNetShape PictureUNet(JsonElement json) => new()
    {
        Channels = json.GetProperty("in_channels").GetInt32(),
        Levels = Integers(json, "block_out_channels"),
        Attends = [.. json.GetProperty("down_block_types").EnumerateArray().Select(block => block.GetString()!.Contains("Attn", StringComparison.Ordinal))],
        Layers = json.GetProperty("layers_per_block").GetInt32(),
        HeadWidth = json.GetProperty("attention_head_dim").GetInt32(),
        MiddleAttends = json.GetProperty("add_attention").GetBoolean(),
        Groups = json.GetProperty("norm_num_groups").GetInt32(),
        CosineFirst = json.GetProperty("flip_sin_to_cos").GetBoolean(),
        FrequencyShift = json.GetProperty("freq_shift").GetInt32(),
        Padding = json.GetProperty("downsample_padding").GetInt32(),
    };

    public static StableDiffusion3Shape StableDiffusion3(JsonElement json) => new()
    {
        Channels = json.GetProperty("in_channels").GetInt32(),
        PatchSize = json.GetProperty("patch_size").GetInt32(),
        Layers = json.GetProperty("num_layers").GetInt32(),
        Heads = json.GetProperty("num_attention_heads").GetInt32(),
        HeadWidth = json.GetProperty("attention_head_dim").GetInt32(),
        TextWidth = json.GetProperty("joint_attention_dim").GetInt32(),
        PooledWidth = json.GetProperty("pooled_projection_dim").GetInt32(),
        MaxPatches = json.GetProperty("pos_embed_max_size").GetInt32(),
        NormalisesQueries = json.GetProperty("qk_norm").ValueKind == JsonValueKind.String,
        DualLayers = Integers(json, "dual_attention_layers"),
    };

    public static FluxShape Flux(JsonElement json) => new()
    {
        InChannels = json.GetProperty("in_channels").GetInt32(),
        OutChannels = json.GetProperty("in_channels").GetInt32(),
        Layers = json.GetProperty("num_layers").GetInt32(),
        SingleLayers = json.GetProperty("num_single_layers").GetInt32(),
        Heads = json.GetProperty("num_attention_heads").GetInt32(),
        HeadWidth = json.GetProperty("attention_head_dim").GetInt32(),
        TextWidth = json.GetProperty("joint_attention_dim").GetInt32(),
        PooledWidth = json.GetProperty("pooled_projection_dim").GetInt32(),
        TakesGuidance = json.GetProperty("guidance_embeds").GetBoolean(),
        PlaceWidths = Integers(json, "axes_dims_rope"),
    };

    public static DiTShape DiT(JsonElement json) => new()
    {
        InChannels = json.GetProperty("in_channels").GetInt32(),
        OutChannels = json.GetProperty("out_channels").GetInt32(),
        PatchSize = json.GetProperty("patch_size").GetInt32(),
        SampleSize = json.GetProperty("sample_size").GetInt32(),
        Layers = json.GetProperty("num_layers").GetInt32(),
        Heads = json.GetProperty("num_attention_heads").GetInt32(),
        HeadWidth = json.GetProperty("attention_head_dim").GetInt32(),
        Classes = json.GetProperty("num_embeds_ada_norm").GetInt32(),
    };

    public static int[] Integers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    /// <summary>The text's width is what the two further layers take beyond the sizes' features.</summary>
    private static AddedConditions Added(JsonElement json)
    {
        int each = json.GetProperty("addition_time_embed_dim").GetInt32();
        return new(json.GetProperty("projection_class_embeddings_input_dim").GetInt32() - 6 * each, 6, each);
    }

    private static int[] Spread(JsonElement json, string name, int levels) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } one
        ? [.. Enumerable.Repeat(one.GetInt32(), levels)]
        : Integers(json, name);
}
