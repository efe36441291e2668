using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Darkroom.Engine.Queue;

namespace Darkroom.Server.OpenAi.Addresses;

/// <summary>
/// Addresses of pictures that need no key: each is signed for one picture and an hour. HMAC-SHA256 over both, with a secret of the server's own that every
/// process of its queue has.
/// </summary>
internal sealed class PictureAddresses(ISharedSecrets secrets, TimeProvider time)
{
    public const string Route = "/v1/images/{id}/content", Expires = "expires", Signature = "signature";

    /// <summary>Name of the secret.</summary>
    public const string Secret = "picture-addresses";

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // Part of what is signed, so that a signature says nothing anywhere else.
    private const string Purpose = "darkroom picture 1";

    // A clock is read by another process than the one that signed.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>The absolute address of a picture, under the name by which the caller called the server.</summary>
    public async ValueTask<string> OfAsync(HttpContext context, string id)
    {
        long expires = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        string signature = Text(await SignAsync(id, expires, context.RequestAborted));
        var request = context.Request;
        string host = request.Host.HasValue ? request.Host.ToUriComponent() : Local(context.Connection);
        return string.Create(CultureInfo.InvariantCulture,
            $"{request.Scheme}://{host}{request.PathBase}/v1/images/{id}/content?{Expires}={expires}&{Signature}={signature}");
    }

    /// <summary>Whether an address is one of these, and not too old. In a time that tells nothing of where a signature is wrong.</summary>
    public async ValueTask<bool> IsValidAsync(string id, string? expires, string? signature, CancellationToken cancellation)
    {
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long end) || signature is null) return false;
        var given = new byte[HMACSHA256.HashSizeInBytes];
        if (signature.Length != 2 * given.Length || Convert.FromHexString(signature, given, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        byte[] own = await SignAsync(id, end, cancellation);
        if (!CryptographicOperations.FixedTimeEquals(given, own)) return false;
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        return now < end && end <= now + (long)(Lifetime + Skew).TotalSeconds;
    }

    private async ValueTask<byte[]> SignAsync(string id, long expires, CancellationToken cancellation)
    {
        byte[] secret = await secrets.GetAsync(Secret, cancellation);
        return HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Purpose}\n{id}\n{expires}")));
    }

    private static string Text(byte[] signature) => Convert.ToHexStringLower(signature);

    // HTTP/1.0 allows a request without a Host.
    private static string Local(ConnectionInfo connection) =>
        new System.Net.IPEndPoint(connection.LocalIpAddress ?? System.Net.IPAddress.Loopback, connection.LocalPort).ToString();
}
