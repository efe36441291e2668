using System.Globalization;
using System.Text;

namespace Darkroom.Models.Text;

/// <summary>
/// How CLIP's tokenizer reads text before any merge: form C, lower case sign by sign, then words. A word is an English contraction
/// (<c>'s 't 're 've 'm 'll 'd</c>), a run of letters, one digit, or a run of anything else; blanks only separate.
/// Unicode categories and blanks as the tokenizers library has them.
/// </summary>
internal static class ClipTokenizerWords
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind { Blank, Letter, Digit, Other }

    /// <summary>The text with every unpaired surrogate replaced by U+FFFD, which UTF-8 can hold.</summary>
    public static string Repair(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return string.Concat(text.EnumerateRunes()); // runes read a lone surrogate as U+FFFD
        }
        return text;
    }

    /// <summary>Form C, then each sign's own lower case: no rule looks at its neighbours (a final Σ becomes σ).</summary>
    public static string Normalize(string text)
    {
        text = UnicodeNfc.Normalize(text);
        var lower = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            // U+0130 is the one sign whose lower case is two signs; .NET's invariant tables leave it alone.
            if (rune.Value == 0x130) lower.Append("i\u0307");
            else lower.Append(units[..Rune.ToLowerInvariant(rune).EncodeToUtf16(units)]);
        }
        return lower.ToString();
    }

    /// <summary>The next word of a normalised text from <paramref name="position"/> on, which moves behind it; empty at the end.</summary>
    public static ReadOnlySpan<char> Next(ReadOnlySpan<char> text, ref int position)
    {
        int size = 0;
        while (position < text.Length && KindAt(text, position, out size) == Kind.Blank) position += size;
        if (position >= text.Length) return [];
        int start = position;
        if (Contraction(text[start..]) is > 0 and var length)
        {
            position += length;
            return text.Slice(start, length);
        }
        var kind = KindAt(text, start, out size);
        position += size;
        if (kind != Kind.Digit)
            while (position < text.Length && KindAt(text, position, out size) == kind)
                position += size;
        return text[start..position];
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text[0] != '\'') return 0;
        foreach (string contraction in Contractions)
            if (text.StartsWith(contraction, StringComparison.Ordinal))
                return contraction.Length;
        return 0;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int position, out int size)
    {
        Rune.DecodeFromUtf16(text[position..], out var rune, out size);
        if (Rune.IsWhiteSpace(rune)) return Kind.Blank;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
            _ => Kind.Other,
        };
    }
}
