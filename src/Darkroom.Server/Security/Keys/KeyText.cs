using System.Buffers.Text;
using System.Security.Cryptography;

namespace Darkroom.Server.Security.Keys;

/// <summary>The text of a key, which is shown once and kept nowhere: <c>dk_</c>, by which scanners for secrets know it, and 32 random bytes.</summary>
internal static class KeyText
{
    public const string Prefix = "dk_";

    /// <summary>Of a key that a person chose, in the settings.</summary>
    public const int MinLength = 16, MaxLength = 256;

    private const int Bytes = 32, IdBytes = 8;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>An id for a new key: it tells nothing of the key.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>Whether callers can send it in a header, and it is not short enough to be guessed over the network.</summary>
    public static bool CanBeChosen(string text) => text.Length is >= MinLength and <= MaxLength && text.All(letter => letter is > ' ' and <= '~');
}
