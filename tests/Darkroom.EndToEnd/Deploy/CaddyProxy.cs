using System.Diagnostics;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Deploy;

/// <summary>Caddy with the repository's Caddyfile, in which its port and the names of the servers are those of this machine.</summary>
internal sealed class CaddyProxy : IDisposable
{
    private const string Program = "/usr/bin/caddy";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("darkroom-caddy-");
    private readonly ReservedPort port = new();
    private readonly Process process;

    /// <param name="servers">The addresses of api-1 and api-2.</param>
    public CaddyProxy(params Uri[] servers)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "caddy", "Caddyfile"));
        for (int i = 0; i < servers.Length; i++) text = text.Replace($"api-{i + 1}:8080", servers[i].Authority, StringComparison.Ordinal);
        text = text.Replace("\n:8080 {", $"\nhttp://127.0.0.1:{port} {{", StringComparison.Ordinal);
        string file = Path.Combine(folder.FullName, "Caddyfile");
        File.WriteAllText(file, text);
        var start = new ProcessStartInfo(Program, ["run", "--config", file, "--adapter", "caddyfile"])
            { RedirectStandardError = true, RedirectStandardOutput = true };
        (start.Environment["XDG_DATA_HOME"], start.Environment["XDG_CONFIG_HOME"]) = (folder.FullName, folder.FullName);
        process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        Client = new HttpClient { BaseAddress = port.Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public static bool IsInstalled => File.Exists(Program);

    public HttpClient Client { get; }

    /// <summary>Until it passes requests on.</summary>
    public Task StartedAsync() => Calls.UntilAsync("the proxy answers", async () =>
    {
        try
        {
            return (await Client.FetchAsync("/livez")).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    });

    public void Dispose()
    {
        Client.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        port.Dispose();
        folder.Delete(recursive: true);
    }
}
