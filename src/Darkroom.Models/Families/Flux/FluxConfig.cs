using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families.Transformers;
using Darkroom.Models.Files;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.Transformers;

namespace Darkroom.Models.Families.Flux;

/// <summary>diffusers' <c>FluxTransformer2DModel</c>, whose channels are those of a patch of latents.</summary>
internal sealed record FluxConfig : TransformerConfig
{
    private const int CellsOfPatch = PackedLatents.Patch * PackedLatents.Patch;

    /// <summary>How the transformer is built; null where a fault was added.</summary>
    public static FluxShape? ShapeOf(ModelPlace place, FaultList faults) => FluxShapeFile.Read(place.Root, faults);

    public static FluxConfig Read(ModelPlace place, FaultList faults)
    {
        if (JsonFile.Read(place.Root, Name, faults) is not { } fields)
            return new() { InChannels = null, OutChannels = null, Levels = 2, PooledWidth = null, Finest = new(24, 768) { AttentionLevel = 1 } };
        if (fields.Integer("patch_size", 1, 16) is { } patch and not 1) fields.Fault("patch_size", $"{patch}: latents are packed outside of the transformer");
        int? channels = place.Kind?.Flux?.InChannels ?? fields.Integer("in_channels", 1, 4096);
        if (place.Kind?.Flux is { } found && ShapeOf(place, faults) is { } stated) CheckFile(fields, stated, found);
        return new()
        {
            InChannels = Cells(channels, "in_channels"),
            OutChannels = Cells(fields.Integer("out_channels", 1, 4096) ?? place.Kind?.Flux?.OutChannels ?? channels, "out_channels"),
            Levels = 2,
            ContextWidth = fields.Integer("joint_attention_dim", 1, 1 << 16),
            PooledWidth = fields.Integer("pooled_projection_dim", 1, 1 << 16),
            EmbedsGuidance = fields.Flag("guidance_embeds") == true,
            Finest = SizeOf(fields),
        };

        int? Cells(int? all, string key)
        {
            if (all % CellsOfPatch > 0) fields.Fault(key, $"{all} channels are no patches of {CellsOfPatch} cells");
            return all / CellsOfPatch;
        }
    }

    private static void CheckFile(JsonFields fields, FluxShape stated, FluxShape found)
    {
        CheckFile(fields, "num_layers", stated.Layers, found.Layers);
        CheckFile(fields, "num_single_layers", stated.SingleLayers, found.SingleLayers);
        CheckFile(fields, "guidance_embeds", stated.TakesGuidance, found.TakesGuidance);
    }

    /// <summary>T5's states are attended to; CLIP gives the vector.</summary>
    public override void CheckAgainst(int latentChannels, IReadOnlyList<TextEncoderSize> texts, FaultList faults)
    {
        if (InChannels > latentChannels && OutChannels == latentChannels)
            faults.Add(Name, $"in_channels: {InChannels} for each cell of {latentChannels}: a model that is shown a picture is not supported yet");
        else CheckChannels(latentChannels, faults);
        CheckWidth("joint_attention_dim", ContextWidth, texts.FirstOrDefault(text => text.Name == FluxFamily.T5)?.Width, "T5 gives", faults);
        CheckWidth("pooled_projection_dim", PooledWidth, texts.FirstOrDefault(text => text.Name != FluxFamily.T5)?.Width, "CLIP gives", faults);
    }
}
