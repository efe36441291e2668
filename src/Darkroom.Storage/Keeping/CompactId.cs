using System.Globalization;

namespace Darkroom.Storage.Keeping;

/// <summary>An id in 24 bytes where its text takes 88: a store has one for each picture it keeps. What is no 128 bits in hex stays a text.</summary>
internal readonly record struct CompactId
{
    private readonly ulong high, low;
    private readonly string? text;

    private CompactId(ulong high, ulong low, string? text) => (this.high, this.low, this.text) = (high, low, text);

    public static CompactId Of(string id) => StoredId.IsOne(id)
        ? new(ulong.Parse(id.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ulong.Parse(id.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), null)
        : new(0, 0, id);

    public override string ToString() => text ?? string.Create(CultureInfo.InvariantCulture, $"{high:x16}{low:x16}");
}
