using System.Diagnostics;
using System.Text;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Generators.Prism;

/// <summary>Stoplight's Prism (npm <c>@stoplight/prism-cli</c>) as a proxy that says what of requests and answers a document does not allow.</summary>
internal sealed class PrismProxy : IAsyncDisposable
{
    private readonly Process process;
    private readonly ReservedPort port;
    private readonly StringBuilder output = new();

    private PrismProxy(Process process, ReservedPort port)
    {
        (this.process, this.port) = (process, port);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = port.Address };
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
        var port = new ReservedPort();
        string program = Path.Combine(NodeRuntime.Folder, "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        var process = Process.Start(new ProcessStartInfo(NodeRuntime.Program,
        [
            program, "proxy", document, upstream.ToString(), "--port", port.ToString(), "--cors", "false",
            "--verboseLevel", "fatal",
        ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var proxy = new PrismProxy(process, port);
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
        port.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
    }
}
