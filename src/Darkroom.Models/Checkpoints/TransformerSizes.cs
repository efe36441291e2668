using System.Globalization;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks.Transformers;

namespace Darkroom.Models.Checkpoints;

/// <summary>Reads off a checkpoint's tensors, in the names of its authors, how its transformer is built.</summary>
/// <param name="tensors">By name.</param>
/// <param name="prefix">Before the transformer's names.</param>
internal sealed class TransformerSizes(IReadOnlyDictionary<string, StoredTensor> tensors, string prefix)
{
    private const int HeadWidth3 = 64; // of all Stable Diffusion 3's; the norm of a head tells it where there is one

    /// <summary>Null where these are no tensors of Stable Diffusion 3.</summary>
    public StableDiffusion3Shape? StableDiffusion3()
    {
        if (Sides("x_embedder.proj.weight") is not [var width, var channels, var patch, _] || Sides("pos_embed") is not [_, var places, _]
            || Sides("context_embedder.weight") is not [_, var text] || Sides("y_embedder.mlp.0.weight") is not [_, var pooled]
            || Sides("joint_blocks.0.x_block.attn.qkv.weight") is null) return null;
        int layers = Blocks("joint_blocks.");
        int head = Sides("joint_blocks.0.x_block.attn.ln_q.weight") is [var known] && width % known == 0 ? known : width % HeadWidth3 == 0 ? HeadWidth3 : width;
        return new()
        {
            Channels = channels,
            PatchSize = patch,
            Layers = layers,
            Heads = width / head,
            HeadWidth = head,
            TextWidth = text,
            PooledWidth = pooled,
            MaxPatches = (int)Math.Sqrt(places),
            NormalisesQueries = Sides("joint_blocks.0.x_block.attn.ln_q.weight") is not null,
            DualLayers = [.. Enumerable.Range(0, layers).Where(block => Sides($"joint_blocks.{block}.x_block.attn2.qkv.weight") is not null)],
        };
    }

    /// <summary>Null where these are no tensors of FLUX.1. Models that followed it have some of its layers, and others in place of the rest.</summary>
    public FluxShape? Flux()
    {
        if (Sides("img_in.weight") is not [var width, var channels] || Sides("txt_in.weight") is not [_, var text]
            || Sides("vector_in.in_layer.weight") is not [_, var pooled] || Sides("final_layer.linear.weight") is not [var given, _]
            || Sides("double_blocks.0.img_attn.norm.query_norm.scale") is not [var head] || width % head != 0
            || Sides("double_blocks.0.img_mod.lin.weight") is null) return null;
        return new()
        {
            InChannels = channels,
            OutChannels = given,
            Layers = Blocks("double_blocks."),
            SingleLayers = Blocks("single_blocks."),
            Heads = width / head,
            HeadWidth = head,
            TextWidth = text,
            PooledWidth = pooled,
            TakesGuidance = Sides("guidance_in.in_layer.weight") is not null,
        };
    }

    /// <summary>One more than the greatest number of a block.</summary>
    private int Blocks(string list)
    {
        string start = prefix + list;
        return tensors.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(start.Length, Math.Max(0, name.IndexOf('.', start.Length) - start.Length)), NumberStyles.None,
                CultureInfo.InvariantCulture, out int number) && number < 1000 ? number + 1 : 0).DefaultIfEmpty().Max();
    }

    private int[]? Sides(string name) => tensors.GetValueOrDefault(prefix + name) is { } tensor && tensor.Shape.All(static side => side is > 0 and <= 1 << 20)
        ? [.. tensor.Shape.Select(static side => (int)side)] : null;
}
