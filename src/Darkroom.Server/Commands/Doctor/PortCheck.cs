using System.Net;
using System.Net.Sockets;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Doctor;

/// <summary>The addresses that the server would listen on: whether they are free.</summary>
internal sealed class PortCheck(IConfiguration configuration) : IDoctorCheck
{
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
        catch (SocketException taken)
        {
            return new(false, $"{url} cannot be listened on: {taken.Message}. A running Darkroom holds it, or another program: choose another with --urls.");
        }
    }
}
