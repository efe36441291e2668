using System.Globalization;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>
/// LDM's names of a U-Net, where all blocks of a way stand in one list: <c>input_blocks.4.1.proj_in</c> is
/// <c>down_blocks.1.attentions.0.proj_in</c>. A block of the list holds a resnet, then a transformer, then what changes the size.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of its names.</param>
/// <param name="layers">Resnets of a level on the way down; the way up has one more.</param>
internal sealed class UNetNames(SafetensorsFile file, string prefix, int layers) : IWeights
{
    private static readonly (string Module, string Name)[] Plain =
    [
        ("conv_in.", "input_blocks.0.0."), ("conv_norm_out.", "out.0."), ("conv_out.", "out.2."),
        ("time_embedding.cond_proj.", "time_embed.cond_proj."), ("time_embedding.linear_1.", "time_embed.0."), ("time_embedding.linear_2.", "time_embed.2."),
        ("add_embedding.linear_1.", "label_emb.0.0."), ("add_embedding.linear_2.", "label_emb.0.2."),
        ("mid_block.attentions.0.", "middle_block.1."),
    ];

    private static readonly (string Module, string Name)[] OfResnet =
    [
        ("norm1.", "in_layers.0."), ("conv1.", "in_layers.2."), ("time_emb_proj.", "emb_layers.1."), ("norm2.", "out_layers.0."),
        ("conv2.", "out_layers.3."), ("conv_shortcut.", "skip_connection."),
    ];

    private readonly PartTensors tensors = new(file, prefix);

    public StoredTensor? Find(string name) => NameOf(name, layers, tensors.Has) is { } stored ? tensors.Find(stored) : null;

    /// <summary>How many levels there are, and resnets of each on the way down: the first ends where the names have the first downsampler.</summary>
    /// <param name="names">All names of the file.</param>
    /// <param name="prefix">Before each of the U-Net's.</param>
    public static (int Levels, int Layers) LevelsOf(IEnumerable<string> names, string prefix)
    {
        const string End = ".0.op.weight";
        string start = prefix + "input_blocks.";
        int[] downs = [.. names.Where(name => name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(End, StringComparison.Ordinal))
            .Select(name => Number(name[start.Length..^End.Length]) ?? 0).Order()];
        return downs is [> 1 and var first, ..] ? (downs.Length + 1, first - 1) : (1, 1);
    }

    /// <summary>LDM's name of a weight; null where it has none.</summary>
    /// <param name="name">Of the module's.</param>
    /// <param name="layers">Resnets of a level on the way down.</param>
    /// <param name="has">Whether there is a weight of a name, where two are possible.</param>
    public static string? NameOf(string name, int layers, Func<string, bool> has)
    {
        foreach (var (module, stored) in Plain)
            if (name.StartsWith(module, StringComparison.Ordinal)) return stored + name[module.Length..];
        string[] words = name.Split('.', 5); // down_blocks, level, resnets, index, the rest
        if (words is ["mid_block", "resnets", var middle, ..] && Number(middle) is { } which)
            return ResnetName($"middle_block.{2 * which}.", name[$"mid_block.resnets.{middle}.".Length..]);
        if (words is not [var way, var at, var list, var index, var rest] || Number(at) is not { } level || Number(index) is not { } i) return null;
        return (way, list) switch
        {
            ("down_blocks", "resnets") => ResnetName($"input_blocks.{1 + level * (layers + 1) + i}.0.", rest),
            ("down_blocks", "attentions") => $"input_blocks.{1 + level * (layers + 1) + i}.1.{rest}",
            ("down_blocks", "downsamplers") => $"input_blocks.{(level + 1) * (layers + 1)}.0.op.{Behind("conv.", rest)}",
            ("up_blocks", "resnets") => ResnetName($"output_blocks.{level * (layers + 1) + i}.0.", rest),
            ("up_blocks", "attentions") => $"output_blocks.{level * (layers + 1) + i}.1.{rest}",
            ("up_blocks", "upsamplers") => Upsampler($"output_blocks.{level * (layers + 1) + layers}.", rest, has),
            _ => null,
        };
    }

    private static string? ResnetName(string block, string rest)
    {
        foreach (var (module, stored) in OfResnet)
            if (rest.StartsWith(module, StringComparison.Ordinal)) return block + stored + rest[module.Length..];
        return null;
    }

    /// <summary>It follows the transformer where the level has one.</summary>
    private static string Upsampler(string block, string rest, Func<string, bool> has) => has($"{block}2.{rest}") ? $"{block}2.{rest}" : $"{block}1.{rest}";

    private static string Behind(string start, string text) => text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : text;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
