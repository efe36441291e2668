namespace Darkroom.Server.Http;

/// <summary>Who a request comes from. Until there are keys an address is a caller: behind a proxy that the settings name the one that it says.</summary>
internal static class CallerAddress
{
    public static string Of(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : "";
}
