using System.Globalization;
using System.Text.RegularExpressions;
using Darkroom.Imaging.Metadata;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>The fields of an infotext, and which of them were made use of.</summary>
internal sealed partial class InfotextValues(ParsedParameters text)
{
    // They say something and ask for nothing.
    private static readonly string[] Telling =
    [
        "Version", "App", "User", "Model hash", "VAE hash", "Lora hashes", "TI hashes", "Hashes", "Created Date", "Civitai resources", "Civitai metadata",
        "Template", "Negative Template", "Batch size", "Batch pos", "Init image hash", "Init image size", "Parser", "Backend", "Pipeline", "Operations",
        "Precision",
    ];

    private readonly HashSet<string> used = [.. Telling];

    public string Prompt => text.Prompt;

    public string NegativePrompt => text.NegativePrompt;

    /// <summary>Those that nothing was made of, in the order of the text.</summary>
    public IReadOnlyDictionary<string, string> Unused => new OrderedDictionary<string, string>(text.Fields.Where(one => !used.Contains(one.Key)));

    public bool Has(string key) => text.Fields.ContainsKey(key);

    /// <summary>The value, which counts as used; null where there is none.</summary>
    public string? Text(string key) => text.Fields.TryGetValue(key, out var value) && used.Add(key) | true ? value : null;

    /// <summary>The value as it stands, used or not; null where there is none.</summary>
    public string? Look(string key) => text.Fields.GetValueOrDefault(key);

    /// <summary>A finite number; null, and not used, where it is none.</summary>
    public double? Number(string key) =>
        double.TryParse(Look(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && used.Add(key) | true
            ? value : null;

    /// <summary>A whole number; null, and not used, where it is none.</summary>
    public long? Whole(string key) =>
        long.TryParse(Look(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && used.Add(key) | true ? value : null;

    /// <summary><c>512x768</c>; null, and not used, where it is none.</summary>
    public (int Width, int Height)? Size(string key) =>
        SizeText().Match(Look(key) ?? "") is { Success: true } size && used.Add(key) | true
            ? (int.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(size.Groups[2].Value, CultureInfo.InvariantCulture)) : null;

    /// <summary>Counts a field as used.</summary>
    public void Use(string key) => used.Add(key);

    /// <summary>Names of the fields that begin so.</summary>
    public IEnumerable<string> KeysFrom(string start) => text.Fields.Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal));

    [GeneratedRegex(@"^(\d{1,5})x(\d{1,5})$")]
    private static partial Regex SizeText();
}
