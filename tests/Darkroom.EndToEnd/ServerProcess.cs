using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd;

/// <summary>The built server as its operator starts it: a process of its own, on a free port, with a data folder of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private ServerProcess(Process process, HttpClient client)
    {
        this.process = process;
        Client = client;
    }

    /// <summary>The program beside this test: built with it, in the same configuration.</summary>
    public static string Program { get; } = Path.Combine(
        Repository.Root, "src", "Darkroom.Server", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "Darkroom.Server");

    public HttpClient Client { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Everything it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    public static async Task<ServerProcess> StartAsync(params (string Key, string Value)[] settings)
    {
        int port = FreePort();
        var start = new ProcessStartInfo(Program, ["--urls", $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Darkroom__DataPath"] = Directory.CreateTempSubdirectory("darkroom-data").FullName;
        foreach (var (key, value) in settings) start.Environment[$"Darkroom__{key.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        var server = new ServerProcess(new Process { StartInfo = start }, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(3) });
        server.process.OutputDataReceived += (_, line) => server.Write(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Write(line.Data);
        server.process.Start();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        var patience = Stopwatch.StartNew();
        while (await server.StatusAsync("/readyz") != HttpStatusCode.OK)
        {
            Assert.False(server.process.HasExited, $"The server ended: {server.Output}");
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"The server is not ready after a minute: {server.Output}");
            await Task.Delay(20);
        }
        return server;
    }

    /// <summary>A status, or null where nobody answers.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var answer = await Client.GetAsync(path);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(object body, string path = "/v1/txt2img")
    {
        using var answer = await Client.PostAsJsonAsync(path, body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The hashes of the pictures that a request gives.</summary>
    public async Task<string[]> HashesAsync(object body)
    {
        var (status, answer) = await PostAsync(body);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return [.. answer.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("sha256").GetString()!)];
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Signal("TERM");
            try
            {
                await ExitAsync(TimeSpan.FromSeconds(40));
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
        process.Dispose();
        Client.Dispose();
    }

    private void Write(string? line)
    {
        lock (output) output.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>One server for all tests of a class; it must end well after them.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Server.Signal("TERM");
        int code = await Server.ExitAsync(TimeSpan.FromSeconds(40));
        await Server.DisposeAsync();
        Assert.Equal(0, code);
    }
}
