using System.Net;
using System.Net.Sockets;

namespace Darkroom.Server.Security.Outbound;

/// <summary>Which addresses belong to the internet, and which to this machine or its networks (IANA's special-purpose registries).</summary>
internal static class AddressKinds
{
    private static readonly IPNetwork[] PrivateNetworks = Of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

    private static readonly IPNetwork[] NotGlobal = Of(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
        "100.64.0.0/10", // carriers' own
        "127.0.0.0/8", // loopback
        "169.254.0.0/16", // link-local, with the metadata of most clouds
        "168.63.129.16/32", // Azure's platform, which every virtual machine there reaches
        "192.0.0.0/24", // protocols
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
        "192.88.99.0/24", // relays of 6to4
        "198.18.0.0/15", // benchmarks
        "224.0.0.0/4", // multicast
        "240.0.0.0/4", // reserved, and broadcast
        "2001::/23", // protocols: Teredo, ORCHID, benchmarks
        "2001:db8::/32", "3fff::/20", // documentation
        "2002::/16"); // 6to4, which carries an IPv4 address

    // All that is handed out to the internet. Outside of it lie loopback, unspecified, mapped, compatible and translated IPv4, link-local, private, multicast.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether an address is one of the internet's.</summary>
    public static bool IsGlobal(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || IsIn([GlobalUnicast], address)) && !IsIn(NotGlobal, address) && !address.IsIPv4MappedToIPv6;

    /// <summary>Whether it is one of an organisation's own networks, and neither this machine's nor a link's.</summary>
    public static bool IsPrivate(IPAddress address) => IsIn(PrivateNetworks, address) && !address.IsIPv4MappedToIPv6;

    // The framework compares a mapped IPv4 address (::ffff:1.1.1.1) as if it were one of IPv4, with networks of IPv6 too: those are refused beside this.
    private static bool IsIn(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Of(params string[] networks) => Array.ConvertAll(networks, IPNetwork.Parse);
}
