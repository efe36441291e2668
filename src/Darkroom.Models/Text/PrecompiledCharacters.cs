using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Darkroom.Models.Text;

/// <summary>
/// SentencePiece's table of characters and what they become (<c>precompiled_charsmap</c>): a double-array trie over UTF-8 (Aoe 1989, in the form of the
/// library Darts-clone), whose values are places in a list of texts that each end in NUL.
/// </summary>
internal sealed class PrecompiledCharacters
{
    // As the library tokenizers does it: longer clusters are looked up sign by sign.
    private const int MaxClusterBytes = 5;

    private readonly uint[] units;
    private readonly byte[] texts;

    /// <exception cref="InvalidDataException">No such table.</exception>
    public PrecompiledCharacters(ReadOnlySpan<byte> table)
    {
        if (table.Length < sizeof(uint)) throw NoTable();
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(table);
        if (size % sizeof(uint) != 0 || size == 0 || size > table.Length - sizeof(uint)) throw NoTable();
        units = new uint[size / sizeof(uint)];
        for (int i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(sizeof(uint) * (i + 1))..]);
        texts = table[(sizeof(uint) + (int)size)..].ToArray();
    }

    /// <summary>The text with every character, or cluster of them, replaced that the table has.</summary>
    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(2)];
        for (int at = 0; at < text.Length;)
        {
            int length = StringInfo.GetNextTextElementLength(text, at);
            var cluster = text.AsSpan(at, length);
            at += length;
            if (Encoding.UTF8.GetByteCount(cluster) <= MaxClusterBytes && Find(utf8[..Encoding.UTF8.GetBytes(cluster, utf8)]) is { } whole)
            {
                result.Append(whole);
                continue;
            }
            foreach (var sign in cluster.EnumerateRunes())
            {
                if (Find(utf8[..sign.EncodeToUtf8(utf8)]) is { } one) result.Append(one);
                else result.Append(sign.ToString());
            }
        }
        return result.ToString();
    }

    /// <summary>What the shortest entry becomes that the bytes begin with; null where none does.</summary>
    private string? Find(ReadOnlySpan<byte> bytes)
    {
        uint at = Offset(units[0]);
        foreach (byte value in bytes)
        {
            at ^= value;
            // A node's label is the byte that leads to it; bit 31 marks a value.
            if (value == 0 || at >= units.Length || (units[at] & 0x8000_00FF) != value) return null;
            uint unit = units[at];
            at ^= Offset(unit);
            if ((unit >> 8 & 1) == 1) return at < units.Length ? TextAt((int)(units[at] & 0x7FFF_FFFF)) : throw NoTable();
        }
        return null;
    }

    private string TextAt(int start)
    {
        if (start > texts.Length) throw NoTable();
        var rest = texts.AsSpan(start);
        return Encoding.UTF8.GetString(rest[..(rest.IndexOf((byte)0) is >= 0 and var end ? end : rest.Length)]);
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);

    private static InvalidDataException NoTable() => new("its table of characters is damaged");
}
