using System.Globalization;

namespace Darkroom.Engine.Artifacts;

/// <summary>
/// An id in 24 bytes where its text takes 88, for those who have one for each picture that is kept. What is no 128 bits in lower-case hex stays a text.
/// </summary>
public readonly record struct CompactId : IComparable<CompactId>
{
    private const int Digits = 32;

    private readonly ulong high, low;
    private readonly string? text;

    private CompactId(ulong high, ulong low, string? text) => (this.high, this.low, this.text) = (high, low, text);

    public static CompactId Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length == Digits && id.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0
            ? new(ulong.Parse(id.AsSpan(0, Digits / 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                ulong.Parse(id.AsSpan(Digits / 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), null)
            : new(0, 0, id);
    }

    /// <summary>Some order, the same in every process.</summary>
    public int CompareTo(CompactId other) => (high, low).CompareTo((other.high, other.low)) is var order and not 0 ? order
        : string.CompareOrdinal(text, other.text);

    public override string ToString() => text ?? string.Create(CultureInfo.InvariantCulture, $"{high:x16}{low:x16}");

    public static bool operator <(CompactId left, CompactId right) => left.CompareTo(right) < 0;

    public static bool operator >(CompactId left, CompactId right) => left.CompareTo(right) > 0;

    public static bool operator <=(CompactId left, CompactId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CompactId left, CompactId right) => left.CompareTo(right) >= 0;
}
