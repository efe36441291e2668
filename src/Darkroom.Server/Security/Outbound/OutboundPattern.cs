using System.Globalization;
using System.Net;

namespace Darkroom.Server.Security.Outbound;

/// <summary>
/// A receiver that the settings name: <c>hooks.example.org</c>, <c>*.example.org</c>, <c>hooks.internal:8443</c>, <c>http://10.0.0.5:9000</c>.
/// </summary>
/// <param name="Scheme"><c>https</c> unless <c>http</c> is named.</param>
/// <param name="Host">In lower case, without brackets; of a name that stands for all below it, from its dot on.</param>
/// <param name="Port">The scheme's own unless one is named.</param>
internal sealed record OutboundPattern(string Scheme, string Host, int Port)
{
    private const string Below = "*.";

    /// <returns>Null for a text that is none.</returns>
    public static OutboundPattern? Parse(string text)
    {
        var (scheme, rest) = text.Split("://") switch
        {
            [var alone] => (Uri.UriSchemeHttps, alone),
            [var named, var after] when named.ToLowerInvariant() is "http" or "https" => (named.ToLowerInvariant(), after),
            _ => ("", ""),
        };
        bool below = rest.StartsWith(Below, StringComparison.Ordinal);
        if (OutboundUrl.AuthorityOf(below ? rest[Below.Length..] : rest) is not var (host, port)) return null;
        if (IPAddress.TryParse(host, out var literal))
        {
            if (below) return null;
            host = literal.ToString();
        }
        return new(scheme, (below ? "." : "") + host.ToLowerInvariant(), port ?? (scheme == Uri.UriSchemeHttps ? 443 : 80));
    }

    /// <summary>As settings have it.</summary>
    public override string ToString()
    {
        bool isHttps = Scheme == Uri.UriSchemeHttps;
        string host = Host.StartsWith('.') ? "*" + Host : Host.Contains(':') ? $"[{Host}]" : Host;
        return $"{(isHttps ? "" : $"{Scheme}://")}{host}{(Port == (isHttps ? 443 : 80) ? "" : string.Create(CultureInfo.InvariantCulture, $":{Port}"))}";
    }

    public bool Matches(Uri url)
    {
        if (url.Scheme != Scheme || url.Port != Port) return false;
        if (OutboundUrl.LiteralOf(url) is { } literal) return literal.ToString() == Host;
        var name = url.IdnHost.ToLowerInvariant();
        return Host.StartsWith('.') ? name.EndsWith(Host, StringComparison.Ordinal) : name == Host;
    }
}
