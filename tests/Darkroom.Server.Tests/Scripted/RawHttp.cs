using System.Net.Sockets;
using System.Text;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>A connection that sends what a test says, byte by byte, as no client library would.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient client = new() { NoDelay = true };

    public static async Task<RawHttp> ConnectAsync(RunningServer server)
    {
        var raw = new RawHttp();
        await raw.client.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port);
        return raw;
    }

    /// <summary>Sends a whole request and reads to the end of the connection.</summary>
    public static async Task<string> AskAsync(RunningServer server, string request)
    {
        using var raw = await ConnectAsync(server);
        await raw.SendAsync(request);
        return await raw.ReadAsync();
    }

    public async Task SendAsync(string text) => await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>What comes until the server closes the connection, or says nothing more for a while.</summary>
    public async Task<string> ReadAsync()
    {
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!patience.IsCancellationRequested)
        {
            int count = await client.GetStream().ReadAsync(buffer, patience.Token);
            if (count == 0) break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            if (text.ToString().EndsWith('}')) break; // a problem document has come whole
        }
        return text.ToString();
    }

    public void Dispose() => client.Dispose();
}
