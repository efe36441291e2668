using System.Diagnostics.CodeAnalysis;

namespace Darkroom.Imaging.Metadata;

/// <summary>The texts of a file by name; of two with one name the first. Bounded, for the file may be hostile.</summary>
internal sealed class TextList
{
    private const int MaxTexts = 64, MaxLength = 4 * PictureMetadata.MaxText;

    private readonly OrderedDictionary<string, string> texts = new(StringComparer.Ordinal);
    private int length;

    /// <summary>Bytes that may still be inflated: a file of a thousand compressed bombs costs no more than one.</summary>
    public int InflateBudget { get; set; } = PictureMetadata.MaxText;

    public IReadOnlyDictionary<string, string> Texts => texts;

    public void Add(string name, string? text)
    {
        text = text?.TrimEnd('\0');
        if (string.IsNullOrEmpty(text) || name.Length == 0 || texts.Count == MaxTexts || text.Length > MaxLength - length) return;
        if (texts.TryAdd(name, text)) length += text.Length;
    }

    public bool TryGet(string name, [NotNullWhen(true)] out string? text) => texts.TryGetValue(name, out text);
}
