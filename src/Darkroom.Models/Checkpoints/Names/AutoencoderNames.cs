using System.Globalization;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>
/// LDM's names of an autoencoder: <c>encoder.down.1.block.0.nin_shortcut</c> is <c>encoder.down_blocks.1.resnets.0.conv_shortcut</c>. Levels of the decoder are
/// counted from the finest in the file, from the coarsest in diffusers.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of its names.</param>
internal sealed class AutoencoderNames(SafetensorsFile file, string prefix) : IWeights
{
    private static readonly (string Module, string Name)[] OfAttention =
        [("group_norm.", "norm."), ("to_q.", "q."), ("to_k.", "k."), ("to_v.", "v."), ("to_out.0.", "proj_out.")];

    private readonly PartTensors tensors = new(file, prefix);
    private readonly int levels = LevelsOf(file, prefix);

    public StoredTensor? Find(string name) => tensors.Find(NameOf(name));

    private string NameOf(string name)
    {
        string[] words = name.Split('.', 6); // decoder, up_blocks, level, resnets, index, the rest
        return words switch
        {
            [var half, "conv_norm_out", .. var rest] => $"{half}.norm_out.{string.Join('.', rest)}",
            [var half, "down_blocks", var level, "resnets", var index, var rest] => $"{half}.down.{level}.block.{index}.{Resnet(rest)}",
            [var half, "down_blocks", var level, "downsamplers", _, var rest] => $"{half}.down.{level}.downsample.{rest}",
            [var half, "up_blocks", var level, "resnets", var index, var rest] => $"{half}.up.{FromFinest(level)}.block.{index}.{Resnet(rest)}",
            [var half, "up_blocks", var level, "upsamplers", _, var rest] => $"{half}.up.{FromFinest(level)}.upsample.{rest}",
            [var half, "mid_block", "resnets", var index, .. var rest] => $"{half}.mid.block_{Number(index) + 1}.{Resnet(string.Join('.', rest))}",
            [var half, "mid_block", "attentions", _, .. var rest] => $"{half}.mid.attn_1.{Attention(string.Join('.', rest))}",
            _ => name,
        };
    }

    private int FromFinest(string level) => levels - 1 - Number(level);

    private static string Resnet(string rest) => rest.Replace("conv_shortcut.", "nin_shortcut.", StringComparison.Ordinal);

    private static string Attention(string rest)
    {
        foreach (var (module, stored) in OfAttention)
            if (rest.StartsWith(module, StringComparison.Ordinal)) return stored + rest[module.Length..];
        return rest;
    }

    private static int LevelsOf(SafetensorsFile file, string prefix)
    {
        int levels = 0;
        while (file.Tensors.ContainsKey($"{prefix}decoder.up.{levels}.block.0.conv1.weight")) levels++;
        return levels;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
}
