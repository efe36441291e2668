using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>The addresses that the server would listen on: whether they are free.</summary>
internal sealed class PortCheck(IConfiguration configuration) : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Name => "address";

    public IEnumerable<Finding> Run()
    {
        var urls = configuration["urls"] ?? configuration["ASPNETCORE_URLS"] ?? DarkroomHost.DefaultAddress;
        return urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Check);
    }

    private static Finding Check(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var host = IPAddress.TryParse(address.Host, out var ip) ? ip : address.Host == "localhost" ? IPAddress.Loopback : IPAddress.IPv6Any;
            using var listener = new TcpListener(host, address.Port);
            listener.Start();
            return new(true, $"{url} is free");
        }
        catch (FormatException)
        {
            return new(false, $"'{url}' is no address: write {DarkroomHost.DefaultAddress}.");
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse && IsOwn(BindingAddress.Parse(url)))
        {
            return new(true, $"{url} is where a running Darkroom listens");
        }
        catch (SocketException taken)
        {
            return new(false, $"{url} cannot be listened on: {taken.Message}. Another program holds it: choose another with --urls.");
        }
    }

    /// <summary>Whether who listens there says that it is this program.</summary>
    private static bool IsOwn(BindingAddress address)
    {
        var host = IPAddress.TryParse(address.Host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) ? address.Host : "localhost";
        try
        {
            using var client = new HttpClient { Timeout = Patience };
            using var answer = client.Send(new(HttpMethod.Get, $"{address.Scheme}://{host}:{address.Port}/"));
            using var said = JsonDocument.Parse(answer.Content.ReadAsStream());
            return said.RootElement.TryGetProperty("name", out var name) && name.ValueEquals("Darkroom");
        }
        catch (Exception other) when (other is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
