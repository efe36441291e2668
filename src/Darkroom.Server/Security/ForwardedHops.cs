using System.Net;
using System.Net.Sockets;

namespace Darkroom.Server.Security;

/// <summary>The addresses that proxies noted of a request, the caller's first: from <c>X-Forwarded-For</c>, or <c>Forwarded</c> (RFC 7239).</summary>
internal static class ForwardedHops
{
    /// <summary>Who a request comes from: the last address that no proxy of ours is.</summary>
    /// <param name="connection">Who opened the connection.</param>
    /// <param name="hops">As noted, the last by the proxy that is nearest; what is before an address that cannot be read is anybody's invention.</param>
    /// <param name="proxies">Networks whose notes are believed.</param>
    public static IPAddress Caller(IPAddress connection, IReadOnlyList<string> hops, IReadOnlyList<IPNetwork> proxies)
    {
        var caller = Plain(connection);
        for (int i = hops.Count - 1; i >= 0 && IsOne(caller, proxies); i--)
        {
            if (AddressOf(hops[i]) is not { } address) break;
            caller = address;
        }
        return caller;
    }

    public static bool IsOne(IPAddress address, IReadOnlyList<IPNetwork> proxies)
    {
        address = Plain(address);
        return proxies.Any(network => network.Contains(address));
    }

    /// <summary>Of <c>X-Forwarded-For</c>: <c>address, address:port, [address]:port</c>.</summary>
    public static IReadOnlyList<string> OfList(string header) => header.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>
    /// Of <c>Forwarded</c>: <c>for=address;proto=http, for="[address]:port"</c>; an element without <c>for</c> is an address that cannot be read.
    /// </summary>
    public static IReadOnlyList<string> OfElements(string header) =>
        [.. Split(header, ',').Select(static element => Split(element, ';').Select(static pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(static pair => pair.Length == 2 && pair[0].Equals("for", StringComparison.OrdinalIgnoreCase))?[1].Trim('"') ?? "")];

    private static IPAddress? AddressOf(string hop)
    {
        if (!IPEndPoint.TryParse(hop, out var point)) return null;
        var address = Plain(point.Address);
        // "1" and "0x7f.1" are read as addresses of version 4, and no proxy writes them.
        return point.Address.AddressFamily == AddressFamily.InterNetworkV6 || hop.Split(':')[0] == address.ToString() ? address : null;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Splits outside of quotation marks.</summary>
    private static IEnumerable<string> Split(string text, char at)
    {
        int begin = 0;
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            if (quoted || text[i] != at) continue;
            yield return text[begin..i].Trim();
            begin = i + 1;
        }
        yield return text[begin..].Trim();
    }
}
