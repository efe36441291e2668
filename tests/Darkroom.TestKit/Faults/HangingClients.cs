using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Darkroom.TestKit.Faults;

/// <summary>Connections that do not what a client should: they hang, or leave without a word. Closed when it is disposed of.</summary>
internal sealed class HangingClients(Uri address) : IDisposable
{
    private readonly List<Socket> sockets = [];
    private readonly CancellationTokenSource closing = new();

    /// <summary>Connects and sends a text; what comes is not read.</summary>
    public async Task<Socket> SendAsync(string text)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
        lock (sockets) sockets.Add(socket);
        if (text.Length > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    /// <summary>Sends the beginning of a text, and then a byte a second for as long as the other side takes them.</summary>
    public async Task DripAsync(string text)
    {
        var socket = await SendAsync(text);
        _ = Task.Run(async () =>
        {
            try
            {
                while (!closing.IsCancellationRequested)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), closing.Token);
                    await socket.SendAsync(new[] { (byte)'a' });
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The server has had enough of it, or this is closed.
            }
        });
    }

    /// <summary>Sends half a request and resets the connection.</summary>
    public async Task ResetAsync(string text)
    {
        var socket = await SendAsync(text);
        lock (sockets) sockets.Remove(socket);
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>Asks for a stream, and reads until its first event.</summary>
    /// <returns>Whether it was given one; else the connection was closed.</returns>
    public async Task<bool> FollowAsync(string path)
    {
        try
        {
            var socket = await SendAsync($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            byte[] buffer = new byte[1024];
            var read = new StringBuilder();
            while (!read.ToString().Contains("event:", StringComparison.Ordinal))
            {
                int length = await socket.ReceiveAsync(buffer, patience.Token);
                if (length == 0) return false;
                read.Append(Encoding.ASCII.GetString(buffer, 0, length));
            }
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        closing.Cancel();
        lock (sockets)
            foreach (var socket in sockets) socket.Dispose();
        closing.Dispose();
    }
}
