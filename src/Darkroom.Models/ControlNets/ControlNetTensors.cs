using Darkroom.Models.Checkpoints.Names;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.ControlNets;

/// <summary>What the names and shapes of a file's tensors say: whether it is a ControlNet, in whose names, and of what size.</summary>
internal static class ControlNetTensors
{
    private const string Embedding = "controlnet_cond_embedding.";

    /// <summary>Channels of the finest level of every published ControlNet of this kind, and of an attention head where they are counted by that.</summary>
    private const int PublishedChannels = 320, HeadWidth = 64;

    private const int MaxLevels = 8, MaxLayers = 16, MaxDepth = 64;

    /// <summary>Marks in names of what is taken for a ControlNet, or is one of another kind; the first that is found counts.</summary>
    private static readonly (string Mark, string Kind)[] Others =
    [
        ("lllite_", "a ControlNet-LLLite, which changes the U-Net's own layers"),
        ("lora_controlnet", "a Control-LoRA, which is a ControlNet only together with the weights of its U-Net"),
        ("control_add_embedding.", Union), ("task_embedding", Union), ("spatial_ch_projs.", Union), ("transformer_layes.", Union),
        ("double_blocks.", Flux), ("controlnet_x_embedder.", Flux), ("controlnet_single_blocks.", Flux), ("single_transformer_blocks.", Flux),
        ("joint_blocks.", Diffusion3), ("pos_embed_input.", Diffusion3), ("controlnet_blocks.", Diffusion3),
        ("base_to_ctrl", "a ControlNet-XS"), ("enc_zero_convs", "a ControlNet-XS"),
        ("motion_modules.", "a ControlNet for moving pictures"),
        ("ip_adapter.", "an IP adapter"), ("image_proj.", "an IP adapter"),
        ("adapter.body.", Adapter), ("lora_unet", Lora), (".lora_", Lora), ("lora.down", Lora),
    ];

    private const string Union = "a union ControlNet, which is told what kind of picture it is shown", Flux = "a ControlNet for FLUX",
        Diffusion3 = "a ControlNet for Stable Diffusion 3", Adapter = "a T2I adapter", Lora = "a LoRA, which belongs in the folder loras";

    /// <summary>Why a file is no ControlNet that can be used; null where it is one by its names.</summary>
    public static string? Refusal(IReadOnlyCollection<string> names)
    {
        foreach (var (mark, kind) in Others)
            if (Has(mark)) return $"is {kind}: it cannot be used";
        if (names.Contains("difference")) return "has differences to the weights of one U-Net, not the weights of a ControlNet: it cannot be used";
        bool isOne = PrefixOf(names) is not null || Has(Embedding);
        if (isOne && names.Any(name => name.EndsWith(".down", StringComparison.Ordinal)))
            return "is a Control-LoRA, which is a ControlNet only together with the weights of its U-Net: it cannot be used";
        return isOne ? null
            : names.Any(name => name.StartsWith("body.", StringComparison.Ordinal)) ? $"is {Adapter}: it cannot be used"
            : Has("model.diffusion_model.") ? "is a whole checkpoint, which belongs in the models folder itself"
            : Has("input_blocks.") || Has("down_blocks.") ? "is a U-Net, not a ControlNet"
            : "has tensors of no ControlNet that is known";

        bool Has(string mark) => names.Any(name => name.Contains(mark, StringComparison.Ordinal));
    }

    /// <summary>What stands before each name where they are those of ControlNet's own program; null where they are diffusers'.</summary>
    public static string? PrefixOf(IEnumerable<string> names)
    {
        foreach (string name in names)
            if (name.StartsWith(ControlNetNames.Prefix + ControlNetNames.PictureBlock, StringComparison.Ordinal)) return ControlNetNames.Prefix;
            else if (name.StartsWith(ControlNetNames.PictureBlock, StringComparison.Ordinal)) return "";
        return null;
    }

    /// <summary>The shape of a network of published size; null where it is none of those, whose heads and groups the tensors do not tell.</summary>
    public static ControlNetShape? ShapeOf(IWeights weights)
    {
        if (weights.Find("conv_in.weight") is not { Shape: [PublishedChannels, var given, _, _] }) return null;
        var channels = new List<int>();
        var down = new List<IReadOnlyList<int>>();
        for (int level = 0; level < MaxLevels && Rows($"down_blocks.{level}.resnets.0.conv1.weight") is { } rows; level++)
        {
            channels.Add(rows);
            down.Add([.. Enumerable.Range(0, MaxLayers).TakeWhile(i => Rows($"down_blocks.{level}.resnets.{i}.conv1.weight") is not null)
                .Select(i => DepthOf($"down_blocks.{level}.attentions.{i}"))]);
        }
        int? text = TextWidthOf(weights, down);
        var added = AddedOf(weights);
        // The one published network with a number of heads that is the same at all levels is that of Stable Diffusion 1.
        if (channels.Count == 0 || (added is null ? text is not (768 or 1024) : text is not (null or 2048))) return null;
        int[] levels = [.. PictureLevels(weights)];
        if (levels.Length == 0) return null;
        return new(new UNetShape
        {
            InChannels = (int)given,
            Channels = channels,
            Down = down,
            Up = [],
            Middle = Rows("mid_block.resnets.0.conv1.weight") is null ? null : DepthOf("mid_block.attentions.0"),
            Heads = [.. channels.Select(width => text == 768 ? 8 : width / HeadWidth)],
            TextWidth = text ?? 2048,
            Added = added,
            SampleSize = added is null ? 64 : 128,
        })
        {
            PictureChannels = (int)(weights.Find(Embedding + "conv_in.weight")?.Shape.ElementAtOrDefault(1) ?? 3),
            PictureLevels = levels,
        };

        int? Rows(string name) => (int?)weights.Find(name)?.Shape.FirstOrDefault();

        int DepthOf(string transformer) => Enumerable.Range(0, MaxDepth)
            .TakeWhile(i => weights.Find($"{transformer}.transformer_blocks.{i}.norm1.weight") is not null).Count();
    }

    /// <summary>Of the first layer that attends to a text.</summary>
    private static int? TextWidthOf(IWeights weights, IReadOnlyList<IReadOnlyList<int>> down)
    {
        for (int level = 0; level < down.Count; level++)
            for (int i = 0; i < down[level].Count; i++)
                if (weights.Find($"down_blocks.{level}.attentions.{i}.transformer_blocks.0.attn2.to_k.weight") is { Shape: [_, var width] }) return (int)width;
        return weights.Find("mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight") is { Shape: [_, var middle] } ? (int)middle : null;
    }

    /// <summary>SDXL's further inputs: what its layers take beyond the features of six sizes is the whole text's.</summary>
    private static AddedConditions? AddedOf(IWeights weights)
    {
        const int Sizes = 6, Each = 256;
        return weights.Find("add_embedding.linear_1.weight") is { Shape: [_, > Sizes * Each and < 1 << 16 and var all] } ? new((int)all - Sizes * Each) : null;
    }

    /// <summary>Channels of the convolutions over the picture, the finest first.</summary>
    private static IEnumerable<int> PictureLevels(IWeights weights)
    {
        string name = Embedding + "conv_in.weight";
        for (int i = 0; i < MaxLevels && weights.Find(name) is { Shape: [var rows, ..] }; i++)
        {
            yield return (int)rows;
            name = $"{Embedding}blocks.{2 * i + 1}.weight";
        }
    }
}
