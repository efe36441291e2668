using Darkroom.Models.Files;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Networks.Shapes;

/// <summary>What diffusers' <c>config.json</c> of a ControlNet says of how it is built.</summary>
internal static class ControlNetShapeFile
{
    private const string Class = "ControlNetModel";
    private const int MaxChannels = 1 << 16, MaxLevels = 8;

    /// <summary>What else diffusers has ControlNets, or the like, of.</summary>
    private static readonly Dictionary<string, string> OtherClasses = new(StringComparer.Ordinal)
    {
        ["ControlNetUnionModel"] = "a union ControlNet, which is told what kind of picture it is shown",
        ["FluxControlNetModel"] = "a ControlNet for FLUX",
        ["SD3ControlNetModel"] = "a ControlNet for Stable Diffusion 3",
        ["T2IAdapter"] = "a T2I adapter",
        ["ControlNetXSAdapter"] = "a ControlNet-XS",
        ["SparseControlNetModel"] = "a ControlNet for moving pictures",
        ["UNet2DConditionModel"] = "a U-Net",
    };

    /// <summary>The shape; null where a fault was added.</summary>
    /// <param name="root">A folder.</param>
    /// <param name="file">The file in it, with <c>/</c>.</param>
    public static ControlNetShape? Read(string root, string file, FaultList faults)
    {
        if (JsonFile.Read(root, file, faults) is not { } fields) return null;
        if (fields.Text("_class_name") is { } name && name != Class)
        {
            fields.Fault("_class_name", $"'{name}', {OtherClasses.GetValueOrDefault(name, "something else than a ControlNet")}: it cannot be used");
            return null;
        }
        foreach (string key in (string[])["class_embed_type", "num_class_embeds", "encoder_hid_dim_type"])
            if (fields.Has(key)) fields.Fault(key, "a ControlNet with it cannot be built");
        if (fields.Text("addition_embed_type") is { } added && added != "text_time")
            fields.Fault("addition_embed_type", $"a ControlNet with '{added}' cannot be built");
        if (fields.Text("mid_block_type") is { } middle && middle != "UNetMidBlock2DCrossAttn")
            fields.Fault("mid_block_type", $"a ControlNet with '{middle}' cannot be built");
        if (fields.Text("controlnet_conditioning_channel_order") is { } order && order != "rgb")
            fields.Fault("controlnet_conditioning_channel_order", $"a ControlNet whose pictures are '{order}' cannot be built, only 'rgb'");
        if (fields.Flag("global_pool_conditions") == true)
            fields.Fault("global_pool_conditions", "a ControlNet that gives means over the picture cannot be built");
        var levels = fields.Sizes("conditioning_embedding_out_channels", MaxChannels) ?? ControlNetShape.UsualLevels;
        if (levels.Count > MaxLevels) fields.Fault("conditioning_embedding_out_channels", $"{levels.Count} levels, at most {MaxLevels} are possible");
        int channels = fields.Integer("conditioning_channels", 1, 64) ?? 3;
        if (channels != 3) fields.Fault("conditioning_channels", $"a ControlNet that is shown {channels} channels cannot be used, only RGB");
        return UNetShapeFile.Read(fields) is { } unet ? new(unet) { PictureChannels = channels, PictureLevels = levels } : null;
    }
}
