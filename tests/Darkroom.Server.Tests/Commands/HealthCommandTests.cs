using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Darkroom.Models.Catalog;
using Darkroom.Server.Commands;
using Darkroom.Server.Configuration;
using Darkroom.Server.Health;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit.Web;
using Microsoft.Extensions.Configuration;

namespace Darkroom.Server.Tests.Commands;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task A_server_that_is_ready_is_told_from_one_that_loads_and_both_live()
    {
        await using var server = await RunningServer.StartAsync();
        var url = server.App.Urls.Single();
        Assert.Equal((0, $"The server at {url} is ready.", ""), await RunAsync("--urls", url));

        server.Models.States["starter"] = new(ModelState.Loading, null, null);
        Assert.Equal((1, "", $"The server at {url} answers /readyz with 503 (loading)."), await RunAsync("--urls", url));
        Assert.Equal((0, $"The server at {url} is live.", ""), await RunAsync("--live", "--urls", url));
    }

    [Fact]
    public async Task A_server_with_keys_is_asked_without_one()
    {
        var keys = new TestKeys();
        await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting, ("urls", "http://0.0.0.0:0"));
        int port = new Uri(server.App.Urls.Single()).Port;
        Assert.Equal((0, $"The server at http://127.0.0.1:{port} is ready.", ""), await RunAsync("--urls", $"http://*:{port}"));
        Assert.Equal(0, (await RunAsync($"--http_ports={port}")).Code);
        Assert.Equal(0, (await RunAsync($"--Kestrel:Endpoints:One:Url=http://0.0.0.0:{port}", "--urls", "http://127.0.0.1:1")).Code);
    }

    [Fact]
    public async Task Over_https_its_own_certificate_is_taken()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=pictures.example.org", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1)); // expired, and of another name
        string file = Path.Combine(Directory.CreateTempSubdirectory("darkroom-certificate-").FullName, "own.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, "secret"));
        await using var server = await RunningServer.StartAsync(("urls", "https://127.0.0.1:0"),
            ("Kestrel:Certificates:Default:Path", file), ("Kestrel:Certificates:Default:Password", "secret"));
        var url = server.App.Urls.Single();
        Assert.Equal((0, $"The server at {url} is ready.", ""), await RunAsync("--urls", url));
        Assert.Equal(0, (await RunAsync("--urls", url + ";http://127.0.0.1:0")).Code); // that port nobody knows
    }

    [Fact]
    public async Task A_Unix_socket_is_asked_too()
    {
        string socket = Path.Combine(Directory.CreateTempSubdirectory("darkroom-socket-").FullName, "s");
        await using var server = await RunningServer.StartAsync(("urls", $"http://unix:{socket}"));
        Assert.Equal((0, $"The server at {socket} is ready.", ""), await RunAsync("--urls", $"http://unix:{socket}"));
    }

    [Fact]
    public async Task What_does_not_answer_is_told_in_a_sentence_within_its_time()
    {
        using var port = new ReservedPort();
        using var silent = new TcpListener(IPAddress.Loopback, port.Number);
        silent.Start();
        var url = $"http://127.0.0.1:{port}";
        var began = Stopwatch.GetTimestamp();
        Assert.Equal((1, "", $"The server at {url} does not answer within 5 s."), await RunAsync("--urls", url));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 4.9, 15);
        silent.Stop();

        var (code, output, error) = await RunAsync("--urls", url);
        Assert.Equal((1, "", $"The server at {url} cannot be asked: Connection refused."), (code, output, error));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("nonsense")]
    public async Task An_address_that_cannot_be_asked_is_told_in_a_sentence(string url) => Assert.Equal(
        (1, "", $"The server listens on '{url}', which cannot be asked: an address with a port is needed, as --urls or ASPNETCORE_URLS gives it."),
        await RunAsync("--urls", url));

    [Fact]
    public async Task Another_program_on_the_port_is_no_server_that_is_ready()
    {
        using var other = new HttpListener();
        using var port = new ReservedPort();
        var url = $"http://127.0.0.1:{port}";
        other.Prefixes.Add(url + "/");
        other.Start();
        var answering = Task.Run(async () => (await other.GetContextAsync()).Response.Close("<html>200</html>"u8.ToArray(), willBlock: true));
        Assert.Equal((1, "", $"The server at {url} answers /readyz with 200."), await RunAsync("--urls", url));
        await answering;
    }

    [Theory]
    [InlineData("http://*:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", "http://[::1]:8080/")]
    [InlineData("http://localhost:8080", "http://127.0.0.1:8080/")]
    [InlineData("https://10.1.2.3", "https://10.1.2.3/")]
    [InlineData("http://[fd00::7]:81", "http://[fd00::7]:81/")]
    public void Where_it_listens_is_called_by_an_address_of_this_machine(string listens, string called) =>
        Assert.Equal(called, ProbeAddress.Of(listens)!.Root.AbsoluteUri);

    [Fact]
    public async Task The_listener_takes_endpoints_before_addresses_before_ports()
    {
        (string, string)[] all = [("Kestrel:Endpoints:A:Url", "http://127.0.0.1:0"), ("urls", "http://127.0.0.2:0"), ("http_ports", "0")];
        foreach (var (settings, host) in new[] { (all, "127.0.0.1"), (all[1..], "127.0.0.2") })
        {
            await using var server = await RunningServer.StartAsync([.. settings, ("Darkroom:Insecure", "true")]);
            Assert.Equal(host, new Uri(server.App.Urls.Single()).Host);
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Item1, (string?)one.Item2)));
            Assert.Equal([$"http://{host}:0"], ListenAddresses.Taken(configuration.Build()));
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var console = new Written();
        var code = await DarkroomCommand.RunAsync(["health", .. args], (_, _) => { }, console);
        return (code, console.Out.ToString()!.Trim(), console.Error.ToString()!.Trim());
    }

    private sealed class Written : IConsole
    {
        public TextWriter Out { get; } = new StringWriter();
        public TextWriter Error { get; } = new StringWriter();
        public bool IsInteractive => false;
    }
}
