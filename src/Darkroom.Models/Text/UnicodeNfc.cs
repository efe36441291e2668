using System.Globalization;
using System.Text;

namespace Darkroom.Models.Text;

/// <summary>
/// Unicode normalization form C (UAX #15): canonical decomposition, canonical order of marks, composition. The server runs with invariant
/// globalization, where <see cref="string.Normalize()"/> leaves every text as it is; so the tables are our own (Unicode 17.0).
/// </summary>
internal static class UnicodeNfc
{
    // Hangul syllables are arithmetic: 19 leads, 21 vowels, 27 trails (0 = none).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Vowels = 21, Trails = 28, Leads = 19, Syllables = Leads * Vowels * Trails;

    // No sign below this one decomposes into something else than itself once composed again, and none is a mark.
    private const char FirstOfInterest = '\u0300';

    private static readonly Dictionary<int, int[]> Parts = [];
    private static readonly Dictionary<long, int> Composites = [];
    private static readonly Dictionary<int, byte> Classes = [];

    static UnicodeNfc() => Load();

    /// <summary>The text in form C. Lone surrogates must have been replaced.</summary>
    public static string Normalize(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstOfInterest - 1))) return text;
        var signs = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, signs);
        byte[] classes = Order(signs);
        return Write(signs, Compose(signs, classes));
    }

    private static void Decompose(int sign, List<int> into)
    {
        int syllable = sign - SyllableBase;
        if (syllable is >= 0 and < Syllables)
        {
            into.Add(LeadBase + syllable / (Vowels * Trails));
            into.Add(VowelBase + syllable / Trails % Vowels);
            if (syllable % Trails is > 0 and var trail) into.Add(TrailBase + trail);
        }
        else if (Parts.TryGetValue(sign, out int[]? parts))
        {
            foreach (int part in parts) Decompose(part, into);
        }
        else
        {
            into.Add(sign);
        }
    }

    /// <summary>Sorts each run of marks by class, marks of one class in the order they came.</summary>
    private static byte[] Order(List<int> signs)
    {
        byte[] classes = new byte[signs.Count];
        for (int i = 0; i < classes.Length; i++) classes[i] = Classes.GetValueOrDefault(signs[i]);
        for (int start = 0; start < classes.Length; start++)
        {
            if (classes[start] == 0) continue;
            int end = start + 1;
            while (end < classes.Length && classes[end] != 0) end++;
            if (IsOutOfOrder(classes.AsSpan(start..end)))
            {
                // A stable sort, and not by insertion: a text of marks alone may be as long as a request allows.
                var sorted = Enumerable.Range(start, end - start).OrderBy(i => classes[i]).Select(i => (signs[i], classes[i])).ToArray();
                for (int i = start; i < end; i++) (signs[i], classes[i]) = sorted[i - start];
            }
            start = end - 1;
        }
        return classes;
    }

    private static bool IsOutOfOrder(ReadOnlySpan<byte> classes)
    {
        for (int i = 1; i < classes.Length; i++)
            if (classes[i] < classes[i - 1])
                return true;
        return false;
    }

    /// <summary>Joins each mark to the last starter before it where nothing of its own class or higher stands between. Returns the new count.</summary>
    private static int Compose(List<int> signs, byte[] classes)
    {
        int count = 0, starter = -1, previous = 0;
        for (int i = 0; i < signs.Count; i++)
        {
            int sign = signs[i], mark = classes[i];
            bool reaches = starter >= 0 && (count == starter + 1 || previous < mark);
            if (reaches && Join(signs[starter], sign) is { } joined)
            {
                signs[starter] = joined;
                continue;
            }
            if (mark == 0) starter = count;
            previous = mark;
            signs[count++] = sign;
        }
        return count;
    }

    private static int? Join(int first, int second)
    {
        int lead = first - LeadBase, vowel = second - VowelBase, trail = second - TrailBase, syllable = first - SyllableBase;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels) return SyllableBase + (lead * Vowels + vowel) * Trails;
        if (syllable is >= 0 and < Syllables && syllable % Trails == 0 && trail is > 0 and < Trails) return first + trail;
        return Composites.TryGetValue(Pair(first, second), out int joined) ? joined : null;
    }

    private static long Pair(int first, int second) => ((long)first << 21) | (uint)second;

    private static string Write(List<int> signs, int count)
    {
        var text = new StringBuilder(count);
        Span<char> units = stackalloc char[2];
        for (int i = 0; i < count; i++) text.Append(units[..new Rune(signs[i]).EncodeToUtf16(units)]);
        return text.ToString();
    }

    private static void Load()
    {
        using var stream = typeof(UnicodeNfc).Assembly.GetManifestResourceStream(typeof(UnicodeNfc), "UnicodeNfc.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            foreach (string entry in line.Split(' '))
            {
                int cut = entry.AsSpan().IndexOfAny('=', ':', '/');
                if (entry[cut] == '/') AddClass(entry[..cut], byte.Parse(entry.AsSpan(cut + 1), CultureInfo.InvariantCulture));
                else AddParts(Hex(entry[..cut]), [.. entry[(cut + 1)..].Split('+').Select(Hex)], composes: entry[cut] == '=');
            }
        }
    }

    private static void AddParts(int sign, int[] parts, bool composes)
    {
        Parts[sign] = parts;
        if (composes) Composites[Pair(parts[0], parts[1])] = sign;
    }

    private static void AddClass(string range, byte value)
    {
        string[] ends = range.Split('-');
        for (int sign = Hex(ends[0]); sign <= Hex(ends[^1]); sign++) Classes[sign] = value;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
