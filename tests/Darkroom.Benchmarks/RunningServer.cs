using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>The built server as its users start it: a process of its own on a free port.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly Process process;

    private RunningServer(Process process, HttpClient client, TimeSpan readyAfter)
    {
        this.process = process;
        Client = client;
        ReadyAfter = readyAfter;
    }

    public HttpClient Client { get; }

    /// <summary>From the start of the process to the first 200 of <c>/readyz</c>.</summary>
    public TimeSpan ReadyAfter { get; }

    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public static async Task<RunningServer> StartAsync()
    {
        int port = FreePort();
        string folder = Path.Combine(Repository.Root, "src", "Darkroom.Server", "bin", "Release", "net10.0");
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
        long started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "Darkroom.Server"), ["--urls", $"http://127.0.0.1:{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!await IsReadyAsync(client))
            await Task.Delay(10);
        return new RunningServer(process, client, Stopwatch.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync();
        process.Dispose();
        Client.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/readyz");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
