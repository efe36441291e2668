using System.Net.Http.Headers;
using System.Text;

namespace Darkroom.Server.Security.Access;

/// <summary>
/// The key that a request carries: <c>X-API-Key</c>, else <c>Authorization: Bearer</c>, or the password of <c>Basic</c>, which clients of AUTOMATIC1111 send.
/// Never from an address, which proxies and browsers write down.
/// </summary>
internal static class SentKey
{
    public const string Header = "X-API-Key";

    /// <summary>The key; null where there is none. A header that was sent twice holds none that could be right.</summary>
    public static string? Of(IHeaderDictionary headers)
    {
        if (headers[Header] is { Count: > 0 } given) return given.ToString().Trim();
        if (!AuthenticationHeaderValue.TryParse(headers.Authorization.ToString(), out var sent) || sent.Parameter is not { } parameter) return null;
        return sent.Scheme.ToLowerInvariant() switch
        {
            "bearer" => parameter.Trim(),
            "basic" => Password(parameter),
            _ => null,
        };
    }

    // The name may be anything.
    private static string Password(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var count)) return "";
        var text = Encoding.UTF8.GetString(bytes, 0, count);
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
