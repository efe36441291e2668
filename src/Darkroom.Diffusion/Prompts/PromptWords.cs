using System.Text;

namespace Darkroom.Diffusion.Prompts;

/// <summary>The words of a prompt as people count them: runs of letters and digits, with apostrophes and hyphens inside; in lower case.</summary>
public static class PromptWords
{
    public static IReadOnlyList<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new List<string>();
        var word = new StringBuilder();
        Rune[] runes = [.. text.EnumerateRunes()];
        for (int i = 0; i < runes.Length; i++)
        {
            bool joins = runes[i].Value is '\'' or '-' or '’' && word.Length > 0 && i + 1 < runes.Length && IsPart(runes[i + 1]);
            if (joins || IsPart(runes[i])) word.Append(Rune.ToLowerInvariant(runes[i]));
            else End();
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    /// <summary>Whether the words of a phrase stand in a text one after another.</summary>
    /// <param name="words">Of the text.</param>
    /// <param name="phrase">A word, or several.</param>
    public static bool Have(IReadOnlyList<string> words, string phrase)
    {
        ArgumentNullException.ThrowIfNull(words);
        var wanted = Of(phrase);
        for (int at = 0; wanted.Count > 0 && at + wanted.Count <= words.Count; at++)
            if (wanted.SequenceEqual(words.Skip(at).Take(wanted.Count), StringComparer.Ordinal)) return true;
        return false;
    }

    private static bool IsPart(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
