namespace Darkroom.Storage.Keeping;

/// <summary>Ids as they may stand in paths. Everything that comes from outside is checked before a path is made of it.</summary>
internal static class StoredId
{
    private const int Length = 32;

    /// <summary>128 bits as lower-case hex digits, and nothing else.</summary>
    public static bool IsOne(ReadOnlySpan<char> id) => id.Length == Length && IsHex(id);

    public static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (char sign in text)
            if (!char.IsAsciiHexDigitLower(sign)) return false;
        return true;
    }
}
