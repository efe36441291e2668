using System.Net;

namespace Darkroom.Server.Security;

/// <summary>
/// Takes from a request that comes through a named proxy who sent it, and by which name and scheme the server was called. What others write into these
/// headers is not looked at: anybody can.
/// </summary>
/// <param name="next">The rest of the way.</param>
/// <param name="proxies">Networks of the proxies that are believed.</param>
/// <param name="names">Of the server.</param>
internal sealed class Forwarding(RequestDelegate next, IReadOnlyList<IPNetwork> proxies, HostNames names)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } connection && ForwardedHops.IsOne(connection, proxies))
        {
            context.Connection.RemoteIpAddress = CallerOf(context.Request.Headers, connection);
            if (HostOf(context.Request.Headers) is { } host) context.Request.Host = host;
            if (SchemeOf(context.Request.Headers) is { } scheme) context.Request.Scheme = scheme;
        }
        return next(context);
    }

    private IPAddress CallerOf(IHeaderDictionary headers, IPAddress connection)
    {
        var list = headers["X-Forwarded-For"];
        var elements = headers["Forwarded"];
        var byList = list.Count > 0 ? ForwardedHops.Caller(connection, ForwardedHops.OfList(list.ToString()), proxies) : null;
        var byElements = elements.Count > 0 ? ForwardedHops.Caller(connection, ForwardedHops.OfElements(elements.ToString()), proxies) : null;
        // Most proxies write one of the two and pass the other on as a caller wrote it: where they disagree neither is believed.
        return byList is null || byElements is null || byList.Equals(byElements) ? byList ?? byElements ?? connection : connection;
    }

    /// <summary>How the nearest proxy was called, for addresses that callers are given; null where it says nothing that can be right.</summary>
    private static string? SchemeOf(IHeaderDictionary headers) =>
        headers["X-Forwarded-Proto"].ToString().Split(',')[^1].Trim().ToLowerInvariant() is ("http" or "https") and var scheme ? scheme : null;

    /// <summary>The name that the nearest proxy was called by; null where it says none, or none that the settings give the server.</summary>
    private HostString? HostOf(IHeaderDictionary headers)
    {
        if (headers["X-Forwarded-Host"] is not { Count: > 0 } given) return null;
        var host = HostString.FromUriComponent(given.ToString().Split(',')[^1].Trim());
        return names.IsNamed(host.Host) ? host : null;
    }
}
