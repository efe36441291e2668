using System.Globalization;
using System.Net;

namespace Darkroom.Server.Configuration;

/// <summary>
/// The addresses that the settings say to listen on. The listener takes a host that it cannot read for "every interface of this machine": a slip in
/// 127.0.0.1 would open the server to the network, so what is neither an IP address nor <c>localhost</c> is a fault.
/// </summary>
internal static class ListenAddresses
{
    private const int MaxPort = 65_535;

    /// <summary>As they are written; none where the settings say nothing.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration) => [.. Urls(configuration), .. Ports(configuration), .. Endpoints(configuration)];

    /// <summary>Those that the listener takes of them: endpoints of its own section before addresses, and addresses before ports.</summary>
    public static IReadOnlyList<string> Taken(IConfiguration configuration) =>
        new[] { Endpoints(configuration), Urls(configuration), Ports(configuration) }.FirstOrDefault(kind => kind.Length > 0) ?? [];

    /// <summary>What is wrong with them, a sentence each.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration) => Of(configuration).Select(FaultOf).OfType<string>();

    /// <summary>Whether others than this machine reach it.</summary>
    public static bool IsOpen(string url) =>
        Parse(url) is { IsUnixPipe: false, IsNamedPipe: false } address
        && (IPAddress.TryParse(address.Host, out var ip) ? !IPAddress.IsLoopback(ip) : !IsLocalhost(address.Host));

    public static bool IsHttps(string url) => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static string? FaultOf(string url)
    {
        if (Parse(url) is not { } address || address.Scheme.ToLowerInvariant() is not ("http" or "https"))
            return $"'{url}' is no address to listen on: write one such as {DarkroomHost.DefaultAddress}.";
        if (address.IsUnixPipe || address.IsNamedPipe) return null;
        if (address.Host is not ("*" or "+") && !IsLocalhost(address.Host) && !IPAddress.TryParse(address.Host, out _))
            return $"The address '{url}' has the host '{address.Host}', and must have an IP address, localhost, or * for every interface of this machine.";
        if (address.Port is < 0 or > MaxPort)
            return string.Create(CultureInfo.InvariantCulture, $"The address '{url}' has the port {address.Port}, and must have one of 0…{MaxPort}.");
        return address.PathBase.Length == 0 ? null : $"The address '{url}' has a path, and must end with its port.";
    }

    private static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string[] Urls(IConfiguration configuration) => List(configuration["urls"]);

    private static string[] Ports(IConfiguration configuration) =>
    [
        .. List(configuration["http_ports"]).Select(port => $"http://*:{port}"),
        .. List(configuration["https_ports"]).Select(port => $"https://*:{port}"),
    ];

    private static string[] Endpoints(IConfiguration configuration) =>
        [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? "")];

    private static string[] List(string? text) => text?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
