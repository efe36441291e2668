using System.Numerics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families.Transformers;
using Darkroom.Models.Files;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.Transformers;

namespace Darkroom.Models.Families.StableDiffusion3;

/// <summary>diffusers' <c>SD3Transformer2DModel</c>.</summary>
internal sealed record StableDiffusion3Config : TransformerConfig
{
    /// <summary>Cells of a side that all published models were trained at: 1,024 pixels.</summary>
    private const int TrainedCells = 128;

    /// <summary>How the transformer is built; null where a fault was added. One that ships for three sizes is told by the file which it is.</summary>
    public static StableDiffusion3Shape? ShapeOf(ModelPlace place, FaultList faults) =>
        place is { IsPublished: true, Kind.StableDiffusion3: { } found } ? found : StableDiffusion3ShapeFile.Read(place.Root, faults);

    public static StableDiffusion3Config Read(ModelPlace place, FaultList faults)
    {
        if (place is { IsPublished: true, Kind.StableDiffusion3: { } found }) return Of(found);
        if (JsonFile.Read(place.Root, Name, faults) is not { } fields)
            return new() { InChannels = null, OutChannels = null, Levels = 2, PooledWidth = null, Finest = new(24, 384) { AttentionLevel = 1 } };
        int patch = fields.Integer("patch_size", 1, 16) ?? 2;
        if (!BitOperations.IsPow2(patch)) fields.Fault("patch_size", $"{patch} cells a side: only powers of two are possible");
        int? channels = fields.Integer("in_channels", 1, 4096);
        if (place.Kind?.StableDiffusion3 is { } tensors && ShapeOf(place, faults) is { } stated) CheckFile(fields, stated, tensors);
        return new()
        {
            InChannels = channels,
            OutChannels = fields.Integer("out_channels", 1, 4096) ?? channels,
            Levels = 1 + BitOperations.Log2((uint)patch),
            SampleSize = fields.Integer("sample_size", 1, 1 << 16),
            // Places are cut out of a table of so many patches a side.
            MaxCells = fields.Integer("pos_embed_max_size", 1, 1 << 16) * patch,
            ContextWidth = fields.Integer("joint_attention_dim", 1, 1 << 16),
            PooledWidth = fields.Integer("pooled_projection_dim", 1, 1 << 16),
            Finest = SizeOf(fields),
        };
    }

    /// <summary>Of a file in one of the published sizes.</summary>
    private static StableDiffusion3Config Of(StableDiffusion3Shape shape) => new()
    {
        InChannels = shape.Channels,
        OutChannels = shape.Channels,
        Levels = 1 + BitOperations.Log2((uint)shape.PatchSize),
        SampleSize = TrainedCells,
        MaxCells = shape.MaxPatches * shape.PatchSize,
        ContextWidth = shape.TextWidth,
        PooledWidth = shape.PooledWidth,
        Finest = SizeOf(shape.Heads, shape.HeadWidth),
    };

    private static void CheckFile(JsonFields fields, StableDiffusion3Shape stated, StableDiffusion3Shape found)
    {
        CheckFile(fields, "num_layers", stated.Layers, found.Layers);
        CheckFile(fields, "pos_embed_max_size", stated.MaxPatches, found.MaxPatches);
        CheckFile(fields, "qk_norm", Norm(stated), Norm(found));
        CheckFile(fields, "dual_attention_layers", string.Join(", ", stated.DualLayers.Order()), string.Join(", ", found.DualLayers));

        static string Norm(StableDiffusion3Shape shape) => shape.NormalisesQueries ? "rms_norm" : "none";
    }

    /// <summary>CLIP's states stand side by side and are filled up to the width of T5's; its vectors stand side by side.</summary>
    public override void CheckAgainst(int latentChannels, IReadOnlyList<TextEncoderSize> texts, FaultList faults)
    {
        CheckChannels(latentChannels, faults);
        var clips = texts.Where(text => text.Name != StableDiffusion3Family.T5).ToArray();
        int? states = clips.Sum(text => text.Width), pooled = clips.Sum(text => text.PooledWidth);
        if (ContextWidth is { } width && states > width)
            faults.Add(Name, $"joint_attention_dim: {width}, but CLIP's encoders together give {states}");
        CheckWidth("joint_attention_dim", ContextWidth, texts.FirstOrDefault(text => text.Name == StableDiffusion3Family.T5)?.Width, "T5 gives", faults);
        CheckWidth(
            "pooled_projection_dim", PooledWidth, Array.TrueForAll(clips, text => text.PooledWidth is not null) ? pooled : null,
            "CLIP's encoders together give", faults);
    }
}
