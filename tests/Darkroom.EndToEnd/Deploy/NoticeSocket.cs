using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Darkroom.EndToEnd.Deploy;

/// <summary>The end of a supervisor: the Unix datagram socket that <c>NOTIFY_SOCKET</c> names, and what was sent to it.</summary>
internal sealed class NoticeSocket : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("darkroom-notify-");
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> received = Channel.CreateUnbounded<string>();

    /// <param name="reads">Whether anybody reads what is sent; else the socket soon has no room.</param>
    public NoticeSocket(bool reads = true)
    {
        Path = System.IO.Path.Combine(folder.FullName, "notify");
        socket.Bind(new UnixDomainSocketEndPoint(Path));
        if (reads) _ = ReadAsync();
    }

    public string Path { get; }

    /// <summary>Everything that was taken by <see cref="NextAsync"/>, in its order.</summary>
    public List<string> All { get; } = [];

    /// <summary>How many came since.</summary>
    public int Waiting => received.Reader.Count;

    /// <summary>The next notice that begins so.</summary>
    /// <exception cref="OperationCanceledException">A minute passed without.</exception>
    public async Task<string> NextAsync(string start)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            All.Add(await received.Reader.ReadAsync(patience.Token));
            if (All[^1].StartsWith(start, StringComparison.Ordinal)) return All[^1];
        }
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true) received.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer)));
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            received.Writer.TryComplete();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        folder.Delete(recursive: true);
    }
}
