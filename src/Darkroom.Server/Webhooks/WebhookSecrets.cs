using System.Security.Cryptography;

namespace Darkroom.Server.Webhooks;

/// <summary>
/// The secrets that ends are signed with: <c>whsec_</c> and base64 of 24 to 64 bytes; two of them, with a space between, while receivers change.
/// </summary>
internal static class WebhookSecrets
{
    public const string Rule = "must be whsec_ and base64 of 24…64 bytes, or two of these with a space between";

    private const string Prefix = "whsec_";
    private const int MinBytes = 24, MaxBytes = 64, NewBytes = 32, Max = 2;

    /// <returns>Null where the text is no secret.</returns>
    public static IReadOnlyList<byte[]>? Parse(string text)
    {
        var secrets = text.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (secrets.Length is 0 or > Max) return null;
        byte[][] keys = [.. secrets.Select(KeyOf).OfType<byte[]>()];
        return keys.Length == secrets.Length ? keys : null;
    }

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NewBytes));

    private static byte[]? KeyOf(string secret)
    {
        var bytes = new byte[MaxBytes];
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        return Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out int count) && count >= MinBytes ? bytes[..count] : null;
    }
}
