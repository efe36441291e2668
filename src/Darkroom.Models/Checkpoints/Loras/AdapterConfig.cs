using System.Text.Json;
using System.Text.RegularExpressions;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>
/// PEFT's configuration of a LoRA, which diffusers writes into the file's metadata (<c>lora_adapter_metadata</c>) in place of an alpha beside every layer: one
/// for each part, <c>unet.lora_alpha</c>, or one for all, <c>lora_alpha</c>; and patterns of the layers that have another.
/// </summary>
/// <param name="parts">By the part's name and a dot, empty for all; the longest first.</param>
internal sealed class AdapterConfig(IReadOnlyList<(string Prefix, JsonElement Values)> parts)
{
    private const string Key = "lora_adapter_metadata", Alpha = "lora_alpha", Patterns = "alpha_pattern", Rooted = "use_rslora";

    /// <summary>Null where the file has none.</summary>
    /// <exception cref="InvalidDataException">It is no JSON object.</exception>
    public static AdapterConfig? Of(SafetensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault(Key) is not { } text) return null;
        try
        {
            var all = JsonElement.Parse(text);
            if (all.ValueKind != JsonValueKind.Object) throw new JsonException();
            return new([.. all.EnumerateObject().Where(entry => entry.Name == Alpha || entry.Name.EndsWith('.' + Alpha, StringComparison.Ordinal))
                .Select(entry => (entry.Name[..^Alpha.Length], all)).OrderByDescending(part => part.Item1.Length)]);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"has a '{Key}' that is no JSON object", e);
        }
    }

    /// <summary>What a layer's product is multiplied by: alpha / rank, or alpha / √rank with rank stabilisation; null where nothing is said of it.</summary>
    /// <param name="layer">Its name in the file.</param>
    /// <param name="rank">Of its matrices.</param>
    /// <exception cref="InvalidDataException">The alpha is no number.</exception>
    public double? ScaleOf(string layer, long rank)
    {
        foreach (var (prefix, values) in parts)
        {
            if (!layer.StartsWith(prefix, StringComparison.Ordinal)) continue;
            string own = layer[prefix.Length..];
            var number = values.GetProperty(prefix + Alpha);
            if (values.TryGetProperty(prefix + Patterns, out var patterns) && patterns.ValueKind == JsonValueKind.Object)
                number = patterns.EnumerateObject().Where(entry => Fits(entry.Name, own)).Select(entry => entry.Value).FirstOrDefault(number);
            if (number.ValueKind != JsonValueKind.Number || number.GetDouble() is var value && !double.IsFinite(value))
                throw new InvalidDataException($"has an alpha in '{Key}' that is no number");
            bool rooted = values.TryGetProperty(prefix + Rooted, out var flag) && flag.ValueKind == JsonValueKind.True;
            return number.GetDouble() / (rooted ? Math.Sqrt(rank) : rank);
        }
        return null;
    }

    /// <summary>PEFT's rule: a pattern is the end of a layer's name, from a dot on, or the whole, and may be a regular expression.</summary>
    private static bool Fits(string pattern, string layer)
    {
        if (layer == pattern || layer.EndsWith('.' + pattern, StringComparison.Ordinal)) return true;
        if (pattern.All(static one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_')) return false; // its dots stand for dots
        try
        {
            return Regex.IsMatch(layer, $"^(.*\\.)?({pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"has a pattern in '{Key}' that cannot be read: '{(pattern.Length <= 120 ? pattern : pattern[..120] + "…")}'", e);
        }
    }
}
