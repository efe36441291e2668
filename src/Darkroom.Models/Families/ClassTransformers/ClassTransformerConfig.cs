using System.Numerics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families.Transformers;
using Darkroom.Models.Files;

namespace Darkroom.Models.Families.ClassTransformers;

/// <summary>diffusers' <c>DiTTransformer2DModel</c>.</summary>
internal sealed record ClassTransformerConfig : TransformerConfig
{
    public static ClassTransformerConfig Read(string root, FaultList faults)
    {
        if (JsonFile.Read(root, Name, faults) is not { } fields)
            return new()
            {
                InChannels = null, OutChannels = null, Levels = 2, PooledWidth = null, Finest = new(16, 288) { AttentionLevel = 1 }, Classes = 1000,
            };
        int patch = fields.Integer("patch_size", 1, 16) ?? 2;
        if (!BitOperations.IsPow2(patch)) fields.Fault("patch_size", $"{patch} cells a side: only powers of two are possible");
        int? channels = fields.Integer("in_channels", 1, 4096);
        return new()
        {
            InChannels = channels,
            OutChannels = fields.Integer("out_channels", 1, 4096) ?? channels,
            Levels = 1 + BitOperations.Log2((uint)patch),
            SampleSize = fields.Integer("sample_size", 1, 1 << 16),
            PooledWidth = null,
            Finest = SizeOf(fields) with { IsJoint = false },
            Classes = fields.Integer("num_embeds_ada_norm", 1, 1 << 24) ?? 1000,
        };
    }

    /// <summary>Its positions are a table that was made for one size.</summary>
    public override int? WrittenSize => SampleSize;

    /// <summary>It may give the variance that it learned beside the noise, which no sampler of this server reads.</summary>
    public override void CheckAgainst(int latentChannels, IReadOnlyList<TextEncoderSize> texts, FaultList faults)
    {
        if (OutChannels == 2 * InChannels) (this with { OutChannels = InChannels }).CheckChannels(latentChannels, faults);
        else CheckChannels(latentChannels, faults);
    }
}
