using System.Globalization;
using System.Text.RegularExpressions;

namespace Darkroom.Benchmarks.Profile;

/// <summary>
/// Which part of its network a node is of, by its name: both the server's and an exporter's begin with the path of the module. A node without one is of the
/// part of the one before it.
/// </summary>
internal static partial class NetworkPart
{
    /// <summary>Parts of nodes in the order in which they ran.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> names)
    {
        string part = "in";
        foreach (string name in names) yield return part = Of(name) ?? part;
    }

    private static string? Of(string name)
    {
        if (Block().Match(name) is { Success: true } block)
        {
            string number = (int.Parse(block.Groups[2].Value, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
            return $"{block.Groups[1].Value} block {number}";
        }
        if (Layer().Match(name) is { Success: true } layer) return layer.Groups[1].Value;
        return name.Contains("mid_block", StringComparison.Ordinal) ? "middle"
            : Timestep().IsMatch(name) ? "timestep"
            : name.Contains("conv_in", StringComparison.Ordinal) || name.Contains("post_quant_conv", StringComparison.Ordinal) ? "in"
            : name.Contains("conv_norm_out", StringComparison.Ordinal) || name.Contains("conv_out", StringComparison.Ordinal) ? "out"
            : null;
    }

    [GeneratedRegex(@"\b(down|up)_blocks[./](\d+)")]
    private static partial Regex Block();

    /// <summary>Of transformers, whose blocks are many and alike.</summary>
    [GeneratedRegex(@"^/?(transformer_blocks|single_transformer_blocks|blocks|text_model|encoder)[./]")]
    private static partial Regex Layer();

    [GeneratedRegex(@"\b(time_embedding|time_proj|add_embedding|time_text_embed|add_time_proj)")]
    private static partial Regex Timestep();
}
