using System.Net;
using System.Net.Sockets;

namespace Darkroom.Server.Security.Access;

/// <summary>
/// Counts wrong keys by address and says when to stop. It guards the server's time and log, and a chosen key of the settings: nobody guesses 256 bits.
/// A right key is never held up, whatever others behind the same address do.
/// </summary>
internal sealed class FailedAttempts(TimeProvider time)
{
    /// <summary>Wrong keys of one address in <see cref="Window"/>.</summary>
    public const int Max = 20;

    /// <summary>Addresses that are remembered; above it all is forgotten, which only makes the answer milder.</summary>
    public const int MaxAddresses = 10_000;

    private const int NetworkBytes = 8; // an IPv6 network is one caller's: they have all its addresses

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> counts = [];

    /// <summary>Addresses that are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (gate) return counts.Count;
        }
    }

    /// <summary>Counts one more.</summary>
    /// <returns>How long the address is to wait; null: it may go on.</returns>
    public TimeSpan? Add(string address)
    {
        var (now, network) = (time.GetUtcNow(), NetworkOf(address));
        lock (gate)
        {
            if (counts.Count >= MaxAddresses && !counts.ContainsKey(network)) Forget(now);
            var (since, count) = counts.GetValueOrDefault(network, (now, 0));
            if (now - since >= Window) (since, count) = (now, 0);
            if (count >= Max) return since + Window - now;
            counts[network] = (since, count + 1);
            return null;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var network in counts.Where(one => now - one.Value.Since >= Window).Select(one => one.Key).ToList()) counts.Remove(network);
        if (counts.Count >= MaxAddresses) counts.Clear();
    }

    private static string NetworkOf(string address) =>
        IPAddress.TryParse(address, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(ip.GetAddressBytes().AsSpan(0, NetworkBytes))
            : address;
}
