using System.Globalization;
using System.Text;

namespace Darkroom.Diffusion.Prompts;

/// <summary>What counts as a blank, a digit and a whole word in the prompt language. Its rules were written as Python patterns over all of Unicode.</summary>
internal static class PromptSigns
{
    /// <summary>White space, the four separators U+001C…U+001F included, which .NET does not count.</summary>
    public static bool IsBlank(char sign) => char.IsWhiteSpace(sign) || sign is >= '\u001C' and <= '\u001F';

    /// <summary>The first position from one on that is no blank; the text's length where there is none.</summary>
    public static int SkipBlanks(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && IsBlank(text[from])) from++;
        return from;
    }

    /// <summary>Length of the decimal digit at the start of a text, of any script; 0 where it starts with something else.</summary>
    public static int DigitLength(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        if (text.IsEmpty) return 0;
        if (char.IsAscii(text[0]))
        {
            value = text[0] - '0';
            return char.IsAsciiDigit(text[0]) ? 1 : 0;
        }
        Rune.DecodeFromUtf16(text, out var rune, out int length);
        if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.DecimalDigitNumber) return 0;
        value = (int)Rune.GetNumericValue(rune);
        return length;
    }

    /// <summary>Where a word next stands alone in a text, from a position on: no letter, digit or underscore touches it. −1 where it does not.</summary>
    public static int IndexOfWord(ReadOnlySpan<char> text, string word, int from)
    {
        while (from < text.Length)
        {
            int found = text[from..].IndexOf(word, StringComparison.Ordinal);
            if (found < 0) break;
            found += from;
            Rune.DecodeLastFromUtf16(text[..found], out var before, out int sizeBefore);
            Rune.DecodeFromUtf16(text[(found + word.Length)..], out var after, out int sizeAfter);
            if ((sizeBefore == 0 || !IsWordSign(before)) && (sizeAfter == 0 || !IsWordSign(after))) return found;
            from = found + word.Length;
        }
        return -1;
    }

    private static bool IsWordSign(Rune rune) => rune.Value == '_' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
