using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Darkroom.Server.Security.Outbound;

/// <summary>
/// Reads an address that somebody else wrote and this server is to call. One spelling is accepted and every other refused: what two parsers understand in two
/// ways is how a check is passed with one host and a connection made to another.
/// </summary>
internal static class OutboundUrl
{
    public const int MaxLength = 2048;

    private const int MaxName = 253, MaxLabel = 63;

    // RFC 3986, without the fragment's #, which is never sent. No letters beyond ASCII: names are written in their ASCII form (xn--…).
    private const string Signs = "-._~:/?[]@!$&'()*+,;=%";

    /// <returns>The address to check and to connect by; null where it is not accepted.</returns>
    public static Uri? Read(string text)
    {
        if (text.Length > MaxLength || !text.All(sign => char.IsAsciiLetterOrDigit(sign) || Signs.Contains(sign))) return null;
        int start = text.IndexOf("://", StringComparison.Ordinal);
        if (start < 0 || text[..start].ToLowerInvariant() is not ("https" or "http")) return null;
        var rest = text[(start + 3)..];
        int end = rest.IndexOfAny(['/', '?']);
        if (AuthorityOf(end < 0 ? rest : rest[..end]) is not var (host, port)) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) return null;

        // What the framework makes of it must be what was read here.
        bool same = url.UserInfo.Length == 0 && url.Fragment.Length == 0 && url.Port == (port ?? (url.Scheme == Uri.UriSchemeHttps ? 443 : 80))
            && (IPAddress.TryParse(host, out var address) ? address.Equals(LiteralOf(url)) : host.Equals(url.IdnHost, StringComparison.OrdinalIgnoreCase));
        return same ? url : null;
    }

    /// <summary>The address that stands in a URL in place of a name; null where it has a name.</summary>
    public static IPAddress? LiteralOf(Uri url) => url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? IPAddress.Parse(url.DnsSafeHost) : null;

    /// <summary>Host and port of <c>host</c>, <c>host:port</c> or <c>[address]:port</c>; the port is null where none is given.</summary>
    /// <returns>Null where there is anything else in it, or the host can be read in two ways.</returns>
    public static (string Host, int? Port)? AuthorityOf(string text)
    {
        int bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        int colon = text.IndexOf(':', bracket + 1);
        var host = colon < 0 ? text : text[..colon];
        int? port = null;
        if (colon >= 0)
        {
            var digits = text[(colon + 1)..];
            if (!ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ushort given) || digits[0] == '0') return null;
            port = given;
        }
        return IsHost(host) ? (host, port) : null;
    }

    private static bool IsHost(string host)
    {
        if (host.StartsWith('['))
            return host.EndsWith(']') && !host.Contains('%') // no zone: it says nothing to another machine
                && IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        if (host.Length > MaxName || !host.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '.' or '_')) return false;
        var labels = host.Split('.');
        if (!Array.TrueForAll(labels, label => label.Length is >= 1 and <= MaxLabel)) return false;

        // A last label that is a number makes an IPv4 address of the whole, in octal, hex and fewer parts too: only the usual spelling is one.
        bool isNumber = labels[^1].All(char.IsAsciiDigit) || labels[^1].StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return !isNumber || (IPAddress.TryParse(host, out var number) && number.ToString() == host);
    }
}
