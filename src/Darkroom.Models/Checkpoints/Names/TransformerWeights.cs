using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>A transformer's weights in a file with its authors' names. Fused layers are taken apart by rows; last norms have their halves swapped.</summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of its names.</param>
/// <param name="names">The authors' names.</param>
/// <param name="width">Of its sequences.</param>
internal sealed class TransformerWeights(SafetensorsFile file, string prefix, TransformerNames names, long width) : IWeights
{
    /// <summary>A table, no layer's weight; only Stable Diffusion 3 has it.</summary>
    private const string Positions = "pos_embed.pos_embed", StoredPositions = "pos_embed";

    private readonly PartTensors tensors = new(file, prefix);

    public StoredTensor? Find(string name)
    {
        if (name == Positions) return tensors.Find(StoredPositions);
        if (name.LastIndexOf('.') is not (> 0 and var dot)) return null;
        var (layer, parameter) = (name[..dot], name[(dot + 1)..]);
        foreach (var list in names.Lists)
        {
            if (!layer.StartsWith(list.Ours + ".", StringComparison.Ordinal)) continue;
            int index = list.Ours.Length + 1, end = layer.IndexOf('.', index);
            return end < 0 ? null : Find(list.Layers, $"{list.Theirs}.{layer[index..end]}.", layer[(end + 1)..], parameter);
        }
        return Find(names.Outer, "", layer, parameter);
    }

    private StoredTensor? Find(IReadOnlyList<LayerNames> layers, string block, string layer, string parameter)
    {
        foreach (var one in layers)
        {
            if (IndexOf(one.Ours, layer) is not (>= 0 and var which)) continue;
            string stored = parameter == "weight" ? one.Weight : parameter;
            if (tensors.Find($"{block}{one.Theirs}.{stored}") is not { Shape: [var rows, ..] } all) return null;
            if (TransformerNames.IsSwapped(layer, rows, width)) return all.SwapHalves();
            if (one.Ours.Count == 1) return all;
            int shares = one.Shares.Sum();
            if (rows % shares != 0) return null;
            return all.Rows(rows / shares * one.Shares.Take(which).Sum(), rows / shares * one.Shares[which]);
        }
        return null;
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
            if (names[i] == name) return i;
        return -1;
    }
}
