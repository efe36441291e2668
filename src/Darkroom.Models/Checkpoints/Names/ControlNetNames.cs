using System.Globalization;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>
/// The names that ControlNet's own program gives a ControlNet, after LDM's of a U-Net: <c>zero_convs.3.0</c> is <c>controlnet_down_blocks.3</c>, and
/// <c>input_hint_block</c>, in which every other module is an activation, is <c>controlnet_cond_embedding</c>.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of its names: <c>control_model.</c>, or nothing.</param>
internal sealed class ControlNetNames(SafetensorsFile file, string prefix) : IWeights
{
    public const string Prefix = "control_model.", PictureBlock = "input_hint_block.";

    private const string Embedding = "controlnet_cond_embedding.", Around = "controlnet_down_blocks.", Middle = "controlnet_mid_block.";

    private readonly int layers = UNetNames.LevelsOf(file.Tensors.Keys, prefix).Layers;

    /// <summary>The number of the last convolution over the picture.</summary>
    private readonly int last = file.Tensors.Keys.Where(name => name.StartsWith(prefix + PictureBlock, StringComparison.Ordinal))
        .Select(name => name[(prefix.Length + PictureBlock.Length)..].Split('.')[0])
        .Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int at) ? at : 0).DefaultIfEmpty().Max();

    public StoredTensor? Find(string name) => NameOf(name) is { } stored ? file.Tensors.GetValueOrDefault(prefix + stored) : null;

    private string? NameOf(string name)
    {
        if (name.StartsWith(Middle, StringComparison.Ordinal)) return "middle_block_out.0." + name[Middle.Length..];
        if (name.StartsWith(Around, StringComparison.Ordinal))
            return name[Around.Length..].Split('.', 2) is [var index, var rest] ? $"zero_convs.{index}.0.{rest}" : null;
        return name.StartsWith(Embedding, StringComparison.Ordinal)
            ? PictureName(name[Embedding.Length..])
            : UNetNames.NameOf(name, layers, stored => file.Tensors.ContainsKey(prefix + stored));
    }

    private string? PictureName(string name) => name.Split('.') switch
    {
        ["conv_in", var rest] => $"{PictureBlock}0.{rest}",
        ["conv_out", var rest] => $"{PictureBlock}{last}.{rest}",
        // One past the last block would be conv_out.
        ["blocks", var number, var rest] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && 2 * (at + 1) < last =>
            $"{PictureBlock}{2 * (at + 1)}.{rest}",
        _ => null,
    };
}
