using System.Globalization;

namespace Darkroom.Diffusion.Prompts;

/// <summary>A number of the prompt language: an optional sign, digits of any script with at most one point, and an exponent where that is allowed.</summary>
internal static class PromptNumber
{
    /// <summary>Reads a weight. One that float32 cannot hold is none: it would turn every picture into a fault.</summary>
    public static bool TryReadWeight(ReadOnlySpan<char> text, out double value) =>
        TryRead(text, exponent: false, out value) && float.IsFinite((float)value);

    /// <summary>Reads a text that is a finite number from end to end.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, bool exponent, out double value)
    {
        value = 0;
        Span<char> ascii = text.Length <= 128 ? stackalloc char[text.Length] : new char[text.Length];
        int length = 0, digits = 0, position = 0;
        Sign(text, ascii);
        Digits(text, ascii);
        if (position < text.Length && text[position] == '.')
        {
            ascii[length++] = text[position++];
            Digits(text, ascii);
        }
        if (digits == 0) return false;
        if (exponent && position < text.Length && text[position] is 'e' or 'E')
        {
            ascii[length++] = text[position++];
            digits = 0;
            Sign(text, ascii);
            Digits(text, ascii);
            if (digits == 0) return false;
        }
        return position == text.Length
            && double.TryParse(ascii[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);

        void Sign(ReadOnlySpan<char> text, Span<char> ascii)
        {
            if (position < text.Length && text[position] is '+' or '-') ascii[length++] = text[position++];
        }

        void Digits(ReadOnlySpan<char> text, Span<char> ascii)
        {
            while (PromptSigns.DigitLength(text[position..], out int digit) is > 0 and var size)
            {
                ascii[length++] = (char)('0' + digit);
                digits++;
                position += size;
            }
        }
    }

    /// <summary>Length of the run of signs at the start of a text that a number could be made of.</summary>
    public static int RunLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length)
        {
            int size = text[length] is '+' or '-' or '.' or 'e' or 'E' ? 1 : PromptSigns.DigitLength(text[length..], out _);
            if (size == 0) break;
            length += size;
        }
        return length;
    }
}
