using System.Text;

namespace Darkroom.Models.Text;

/// <summary>What a textual inversion is called in a prompt.</summary>
/// <param name="Id">Its id.</param>
/// <param name="FileName">Its file's name without extension: the id, unless two files share it.</param>
/// <param name="Token">The token that the file names; null: none.</param>
public readonly record struct EmbeddingNames(string Id, string FileName, string? Token);

/// <summary>A part of a text: words, or a name.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Named">What the name stands for; null for words.</param>
/// <param name="IsBracketed">Whether the name stands between <c>&lt;</c> and <c>&gt;</c>.</param>
public readonly record struct NamedPart<T>(string Text, T? Named, bool IsBracketed) where T : class;

/// <summary>
/// Finds names of textual inversions in texts: <c>&lt;name&gt;</c>, or the bare name where its words, as CLIP's tokenizer cuts them, follow each other in the
/// text, whatever the case. That is A1111's rule, which compares tokens, but for a match that would begin inside of a word. Of names that begin at one word
/// the longest is taken. Immutable.
/// </summary>
public sealed class NamesInText<T> where T : class
{
    private readonly Dictionary<string, T> exact = new(StringComparer.Ordinal), folded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string[] Words, T Value)>> bare = new(StringComparer.Ordinal); // by the first word

    /// <param name="all">What there is. Where two share a name, an id comes before a file's name and that before a token, then the first in order.</param>
    public NamesInText(IEnumerable<(EmbeddingNames Names, T Value)> all)
    {
        var ordered = all.OrderBy(one => one.Names.Id, StringComparer.Ordinal).ToArray();
        foreach (var (names, value) in ordered) Add(names.Id, value);
        foreach (var (names, value) in ordered) Add(names.FileName, value);
        foreach (var (names, value) in ordered)
            if (names.Token is { } token) AddToken(token, value);
        foreach (var list in bare.Values) list.Sort(static (one, other) => other.Words.Length.CompareTo(one.Words.Length));
    }

    /// <summary>Whether there are no names: then every text is words.</summary>
    public bool IsEmpty => exact.Count == 0 && bare.Count == 0;

    /// <summary>The parts of a text, in order. Time is linear in the text but for names that begin alike.</summary>
    public IReadOnlyList<NamedPart<T>> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsEmpty) return [new(text, null, false)];
        var parts = new List<NamedPart<T>>();
        text = Normal(text);
        int start = 0, open = text.IndexOf('<', StringComparison.Ordinal);
        while (open >= 0 && text.IndexOf('>', open) is > 0 and var close)
        {
            open = text.LastIndexOf('<', close); // the innermost
            if (Find(text[(open + 1)..close]) is { } named)
            {
                SplitWords(text[start..open], parts);
                parts.Add(new(text[open..(close + 1)], named, true));
                start = close + 1;
            }
            open = text.IndexOf('<', close + 1);
        }
        SplitWords(text[start..], parts);
        return parts;
    }

    private T? Find(string name) => exact.GetValueOrDefault(name) ?? folded.GetValueOrDefault(Fold(name));

    private void Add(string name, T value)
    {
        name = Normal(name);
        exact.TryAdd(name, value);
        folded.TryAdd(Fold(name), value);
        AddBare(name, value);
    }

    /// <summary>A token in brackets is found as such; another one as a bare name.</summary>
    private void AddToken(string token, T value)
    {
        token = Normal(token);
        if (token is ['<', .. var inner, '>'] && !inner.AsSpan().ContainsAny('<', '>'))
        {
            exact.TryAdd(inner, value);
            folded.TryAdd(Fold(inner), value);
        }
        else
        {
            AddBare(token, value);
        }
    }

    private void AddBare(string name, T value)
    {
        string[] words = [.. WordsOf(Fold(name)).Select(word => word.Text)];
        if (words.Length == 0) return;
        if (!bare.TryGetValue(words[0], out var list)) bare[words[0]] = list = [];
        if (!list.Exists(one => one.Words.AsSpan().SequenceEqual(words))) list.Add((words, value));
    }

    private void SplitWords(string text, List<NamedPart<T>> parts)
    {
        var words = WordsOf(Fold(text));
        int start = 0;
        for (int i = 0; i < words.Count; i++)
        {
            if (Match(words, i) is not var (length, value)) continue;
            if (words[i].Start > start) parts.Add(new(text[start..words[i].Start], null, false));
            int end = words[i + length - 1].Start + words[i + length - 1].Text.Length;
            parts.Add(new(text[words[i].Start..end], value, false));
            start = end;
            i += length - 1;
        }
        if (start < text.Length) parts.Add(new(text[start..], null, false));
    }

    private (int Length, T Value)? Match(List<(string Text, int Start)> words, int at)
    {
        if (!bare.TryGetValue(words[at].Text, out var list)) return null;
        foreach (var (name, value) in list)
        {
            bool same = at + name.Length <= words.Count;
            for (int i = 1; same && i < name.Length; i++) same = words[at + i].Text == name[i];
            if (same) return (name.Length, value);
        }
        return null;
    }

    private static List<(string Text, int Start)> WordsOf(string folded)
    {
        var words = new List<(string, int)>();
        int position = 0;
        while (ClipTokenizerWords.Next(folded, ref position) is { IsEmpty: false } word) words.Add((word.ToString(), position - word.Length));
        return words;
    }

    /// <summary>As the tokenizer has it before it cuts words, but for the case.</summary>
    private static string Normal(string text) => UnicodeNfc.Normalize(ClipTokenizerWords.Repair(text));

    /// <summary>Lower case sign by sign. As long as the text: words are cut out of the one by their places in the other.</summary>
    private static string Fold(string text)
    {
        var lower = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            var small = Rune.ToLowerInvariant(rune);
            lower.Append(units[..(small.Utf16SequenceLength == rune.Utf16SequenceLength ? small : rune).EncodeToUtf16(units)]);
        }
        return lower.ToString();
    }
}
