using System.Net;
using System.Net.Sockets;

namespace Darkroom.Client.Tests.Network;

/// <summary>A proxy of bytes before a server: it cuts connections where it is told to, and its server may move.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly List<Socket> open = [];
    private readonly Task accepting;
    private int connections;

    public CuttingProxy(Uri target)
    {
        Target = target;
        listener.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    public Uri Target { get; set; }

    /// <summary>Bytes of answers that a connection passes on before it is cut, by its number from 0.</summary>
    public Func<int, int> Passes { get; set; } = static _ => int.MaxValue;

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Cuts every connection that is open.</summary>
    public void Cut()
    {
        lock (open)
        {
            foreach (var one in open) one.Close(0);
            open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        Cut();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!end.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(end.Token);
            _ = ServeAsync(client, Interlocked.Increment(ref connections) - 1);
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                lock (open)
                {
                    open.Add(client.Client);
                    open.Add(server.Client);
                }
                await server.ConnectAsync(IPAddress.Loopback, Target.Port, end.Token);
                var (asked, answered) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(asked.CopyToAsync(answered, end.Token), PassAsync(answered, asked, Passes(number)));
            }
            catch (Exception fault) when (fault is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
            {
                // One of the two is gone: the connection ends.
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, int bytes)
    {
        var buffer = new byte[4096];
        while (await from.ReadAsync(buffer, end.Token) is > 0 and var count)
        {
            await to.WriteAsync(buffer.AsMemory(0, Math.Min(count, bytes)), end.Token);
            if ((bytes -= count) <= 0) return;
        }
    }
}
