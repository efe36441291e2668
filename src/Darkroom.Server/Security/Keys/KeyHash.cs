using System.Security.Cryptography;
using System.Text;

namespace Darkroom.Server.Security.Keys;

/// <summary>
/// A key as it is kept: SHA-256 of its text. A slow hash protects what people choose, by making each guess dear; a key of 256 random bits cannot be guessed
/// at any speed, and a slow hash at each request would only help those who want to keep the server busy.
/// </summary>
internal sealed class KeyHash
{
    private readonly byte[] bytes;

    private KeyHash(byte[] bytes) => this.bytes = bytes;

    /// <param name="text">The key as callers send it.</param>
    public static KeyHash Of(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>From <see cref="ToString"/>; null where the text is none.</summary>
    public static KeyHash? Parse(string text) => text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigitLower)
        ? new(Convert.FromHexString(text))
        : null;

    /// <summary>Compares in a time that tells nothing of where two differ.</summary>
    public bool Matches(KeyHash other) => CryptographicOperations.FixedTimeEquals(bytes, other.bytes);

    public override string ToString() => Convert.ToHexStringLower(bytes);
}
