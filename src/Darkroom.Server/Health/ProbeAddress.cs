using System.Net;

namespace Darkroom.Server.Health;

/// <summary>How a server is reached from its own machine.</summary>
/// <param name="Root">What requests are sent to.</param>
/// <param name="Socket">Path of a Unix socket that they go through; null: they go over the network.</param>
internal sealed record ProbeAddress(Uri Root, string? Socket)
{
    /// <param name="listens">An address that the listener takes, such as <c>http://*:8080</c>.</param>
    /// <returns>Null where it cannot be called: it is none, or its port is chosen at the start.</returns>
    public static ProbeAddress? Of(string listens)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(listens);
        }
        catch (FormatException)
        {
            return null;
        }
        if (address.IsUnixPipe) return new(new Uri($"{address.Scheme}://localhost"), address.UnixPipePath);
        if (address.IsNamedPipe || address.Port is <= 0 or > ushort.MaxValue || address.Scheme is not ("http" or "https")) return null;
        return new(new UriBuilder(address.Scheme, HostOf(address.Host), address.Port).Uri, null);
    }

    /// <summary>Every interface is no address to call, and the loopback is one of them.</summary>
    private static string HostOf(string host) => IPAddress.TryParse(host, out var ip)
        ? ip.Equals(IPAddress.Any) ? IPAddress.Loopback.ToString() : ip.Equals(IPAddress.IPv6Any) ? $"[{IPAddress.IPv6Loopback}]" : host
        : IPAddress.Loopback.ToString();
}
