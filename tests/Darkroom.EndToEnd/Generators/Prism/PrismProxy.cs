using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Generators.Prism;

/// <summary>Stoplight's Prism (npm <c>@stoplight/prism-cli</c>) as a proxy that says what of requests and answers a document does not allow.</summary>
internal sealed class PrismProxy : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private PrismProxy(Process process, Uri address)
    {
        this.process = process;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; }

    private string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <param name="document">File of the document.</param>
    /// <param name="upstream">Where what it is sent goes on to.</param>
    public static async Task<PrismProxy> StartAsync(string document, Uri upstream)
    {
        int port = FreePort();
        string program = Path.Combine(NodeRuntime.Folder, "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        var process = Process.Start(new ProcessStartInfo(NodeRuntime.Program,
        [
            program, "proxy", document, upstream.ToString(), "--port", port.ToString(CultureInfo.InvariantCulture), "--cors", "false",
            "--verboseLevel", "fatal",
        ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var proxy = new PrismProxy(process, new Uri($"http://127.0.0.1:{port}"));
        for (long began = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            try
            {
                (await proxy.Client.GetAsync("/livez")).Dispose();
                return proxy;
            }
            catch (HttpRequestException) when (!process.HasExited && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1))
            {
                // Not yet.
            }
            catch (HttpRequestException)
            {
                await proxy.DisposeAsync();
                throw new InvalidOperationException("Prism does not start: " + proxy.Output);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
    }
}
