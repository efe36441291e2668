using System.Net;

namespace Darkroom.Server.Security.Outbound;

/// <summary>Looks names up.</summary>
internal interface INameResolver
{
    /// <returns>All addresses that a name has now.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">It has none, or cannot be looked up.</exception>
    ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation);
}

/// <summary>As the machine does.</summary>
internal sealed class SystemNames : INameResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation) => await Dns.GetHostAddressesAsync(name, cancellation);
}
