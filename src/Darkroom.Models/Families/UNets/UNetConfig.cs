using System.Text.Json;
using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Families.UNets;

/// <summary>What <c>unet/config.json</c> says; old exports have no such file.</summary>
internal sealed record UNetConfig : DenoiserConfig
{
    private bool showsPicture; // whether the family's U-Nets are shown one

    public const string Name = "unet/config.json";
    private const int MaxLevels = 8;
    private const string Guidance = "time_cond_proj_dim";

    public static UNetConfig Read(ModelPlace place, UNetTraits traits, FaultList faults)
    {
        if (JsonFile.Read(place.Root, Name, faults, required: false) is not { } fields)
            return new() { InChannels = null, OutChannels = null, Levels = traits.Levels, Finest = traits.Finest };
        var channels = fields.Sizes("block_out_channels", 1 << 16);
        int? levels = channels?.Count;
        if (levels > MaxLevels)
        {
            fields.Fault("block_out_channels", $"{levels} levels, at most {MaxLevels} are possible");
            levels = null;
        }
        // These change what the graph must be given.
        if (fields.Has("addition_embed_type") && fields.Text("addition_embed_type") != traits.AdditionEmbedding)
            fields.Fault("addition_embed_type", "a U-Net with pooled text or size inputs, which models of this family do not have");
        if (!fields.Has("addition_embed_type") && traits.AdditionEmbedding is { } missing)
            fields.Fault("addition_embed_type", $"is missing; '{missing}' is expected");
        Refuse("class_embed_type", "a U-Net with class labels is not supported yet");
        Refuse("num_class_embeds", "a U-Net with class labels is not supported yet");
        Refuse("encoder_hid_dim_type", "a U-Net with its own text projection is not supported yet");
        bool guided = fields.Integer(Guidance, 2, 1 << 16) is not null;
        // Layers that the file has and the network does not would be left out without a word.
        if (place.Kind is { } kind && kind.IsGuided != guided)
            fields.Fault(Guidance, $"is {(guided ? "" : "not ")}there, but the file has {(kind.IsGuided ? "a" : "no")} layer time_embed.cond_proj");
        return new()
        {
            InChannels = place.Kind?.InChannels ?? fields.Integer("in_channels", 1, 4096), // one configuration serves a family's inpainting models too
            OutChannels = fields.Integer("out_channels", 1, 4096),
            Levels = levels ?? traits.Levels,
            SampleSize = fields.Sizes("sample_size", 1 << 16)?.Max(),
            ContextWidth = fields.Sizes("cross_attention_dim", 1 << 16)?.Max(),
            Finest = FinestOf(fields, channels, traits.Finest),
            EmbedsGuidance = guided,
            showsPicture = traits.ShowsPicture,
        };

        void Refuse(string key, string reason)
        {
            if (fields.Has(key)) fields.Fault(key, reason);
        }
    }

    /// <inheritdoc/>
    public override int? WrittenScoresLevel => Enumerable.Range(0, MaxLevels)
        .FirstOrDefault(level => !UNetShape.HasManyCells(SampleSize ?? UNetShape.UsualSampleSize, level), DenoiserSize.NoLevel);

    /// <summary>How the U-Net is built; null where a fault was added.</summary>
    public static UNetShape? ShapeOf(ModelPlace place, FaultList faults) => UNetShapeFile.Read(place.Root, faults) is not { } shape ? null
        : place.Kind is { } kind ? shape with { InChannels = kind.InChannels } : shape;

    /// <summary>Whether the U-Net takes the latents alone; faults name what else it wants.</summary>
    public override void CheckAgainst(int latentChannels, IReadOnlyList<TextEncoderSize> texts, FaultList faults)
    {
        string? channels = InChannels is not { } given ? null
            : showsPicture ? given == 2 * latentChannels ? null
                : $"{given} channels, but one that edits by instruction has the latents' and as many of the picture"
            : given == latentChannels || given == 2 * latentChannels + 1 ? null
            : given == 2 * latentChannels ? $"U-Net with {given} channels, for editing by instruction: not supported yet"
            : $"{given} channels, but the latents have {latentChannels}";
        if (channels is not null) faults.Add(Name, "in_channels: " + channels);
        if (OutChannels is { } gives && gives != latentChannels) faults.Add(Name, $"out_channels: {gives} channels, but the latents have {latentChannels}");
        if (ContextWidth is { } width && texts.Sum(text => text.Width) is { } all && texts.All(text => text.Width is not null) && width != all)
            faults.Add(Name, $"cross_attention_dim: {width}, but {(texts.Count == 1 ? "the text encoder gives" : "the text encoders together give")} {all}");
    }

    /// <summary>The finest level with attention: the levels above it cost little beside that.</summary>
    private static DenoiserSize FinestOf(JsonFields fields, IReadOnlyList<int>? channels, DenoiserSize unstated)
    {
        // diffusers' U-Nets call their number of heads attention_head_dim.
        var heads = fields.Sizes("num_attention_heads", 1 << 10) ?? fields.Sizes("attention_head_dim", 1 << 10);
        int level = 0;
        if (fields.Find("down_block_types") is { ValueKind: JsonValueKind.Array } blocks)
        {
            level = blocks.EnumerateArray().ToList().FindIndex(block => block.ToString().Contains("Attn", StringComparison.Ordinal));
            // One without attention may still have it in its middle, which is where the last level is.
            if (level < 0 && fields.Flag("add_attention") == false) return new DenoiserSize(0, channels?[0] ?? unstated.BaseChannels);
            level = level < 0 ? Math.Max(0, blocks.GetArrayLength() - 1) : level;
        }
        int atLevel = heads is null ? unstated.AttentionHeads : heads[Math.Min(level, heads.Count - 1)];
        return new DenoiserSize(atLevel, channels?[0] ?? unstated.BaseChannels) { AttentionLevel = level };
    }
}
