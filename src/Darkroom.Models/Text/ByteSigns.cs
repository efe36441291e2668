using System.Collections.Frozen;

namespace Darkroom.Models.Text;

/// <summary>
/// The visible sign that stands for each byte in a byte-level vocabulary (GPT-2's table): printable Latin-1 signs stand for themselves, the
/// other 68 bytes for U+0100 and following.
/// </summary>
internal static class ByteSigns
{
    private static readonly char[] Signs = Build();
    private static readonly FrozenDictionary<char, byte> Bytes = Signs.Select((sign, value) => (sign, value))
        .ToFrozenDictionary(p => p.sign, p => (byte)p.value);

    public static char Of(byte value) => Signs[value];

    /// <summary>The byte that a sign stands for; null for any other sign.</summary>
    public static byte? ByteOf(char sign) => Bytes.TryGetValue(sign, out byte value) ? value : null;

    private static char[] Build()
    {
        char[] signs = new char[256];
        int next = 0x100;
        for (int value = 0; value < signs.Length; value++)
            signs[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : (char)next++;
        return signs;
    }
}
