using Darkroom.Models.Catalog;
using Darkroom.Models.Families.Transformers;
using Darkroom.Models.Files;

namespace Darkroom.Models.Families.Flux;

/// <summary>diffusers' <c>FluxTransformer2DModel</c>, whose channels are those of a patch of latents.</summary>
internal sealed record FluxConfig : TransformerConfig
{
    private const int CellsOfPatch = PackedLatents.Patch * PackedLatents.Patch;

    public static FluxConfig Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, Name, faults) is not { } fields)
            return new() { InChannels = null, OutChannels = null, Levels = 2, PooledWidth = null, Finest = new(24, 768) { AttentionLevel = 1 } };
        if (fields.Integer("patch_size", 1, 16) is { } patch and not 1) fields.Fault("patch_size", $"{patch}: latents are packed outside of the transformer");
        int? channels = fields.Integer("in_channels", 1, 4096);
        return new()
        {
            InChannels = Cells(channels, "in_channels"),
            OutChannels = Cells(fields.Integer("out_channels", 1, 4096) ?? channels, "out_channels"),
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
