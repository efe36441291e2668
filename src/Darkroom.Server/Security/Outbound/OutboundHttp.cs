using System.Net;
using System.Net.Sockets;

namespace Darkroom.Server.Security.Outbound;

/// <summary>
/// Calls addresses that others wrote. A name is looked up once for a connection, all that it stands for must be allowed, and the connection is made to just
/// that: a name that stands for something else a moment later (DNS rebinding) changes nothing. No redirect is followed, no proxy asked, no cookie or
/// credential sent, and nothing told of the trace that the call belongs to.
/// </summary>
internal static class OutboundHttp
{
    /// <summary>A client without a timeout of its own: the caller has one.</summary>
    /// <param name="rule">What may be called.</param>
    /// <param name="names">Looks names up.</param>
    public static HttpClient Create(OutboundRule rule, INameResolver names) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        Credentials = null,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 16, // KiB
        PooledConnectionLifetime = TimeSpan.Zero, // every call is checked
        ConnectCallback = (context, cancellation) => ConnectAsync(rule, names, context, cancellation),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static async ValueTask<Stream> ConnectAsync(
        OutboundRule rule, INameResolver names, SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var url = context.InitialRequestMessage.RequestUri!;
        var addresses = OutboundUrl.LiteralOf(url) is { } literal ? [literal] : await names.ResolveAsync(url.IdnHost, cancellation);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, address => rule.MayConnect(url, address))) throw new OutboundRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, url.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host stands for an address that this server may not call.</summary>
internal sealed class OutboundRefusedException() : IOException("The host stands for an address that may not be called.");
