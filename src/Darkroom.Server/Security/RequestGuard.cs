using System.Net;

namespace Darkroom.Server.Security;

/// <summary>What stands before every address: who may call the server by which name, and what its pages may do.</summary>
internal static class RequestGuard
{
    /// <param name="app">Of the server.</param>
    /// <param name="hosts">Names beside IP addresses and the loopback's.</param>
    /// <param name="proxies">Networks of the proxies that are believed.</param>
    /// <param name="origins">Of pages that may use the server.</param>
    /// <param name="pages">Paths of the server's own pages.</param>
    public static void UseRequestGuard(
        this WebApplication app, IReadOnlyList<string> hosts, IReadOnlyList<IPNetwork> proxies, IReadOnlyList<string> origins,
        params PathString[] pages)
    {
        var names = new HostNames(hosts);
        if (proxies.Count > 0) app.UseMiddleware<Forwarding>(proxies, names);
        app.UseMiddleware<OwnHost>(names);
        app.UseMiddleware<CrossSite>(origins);
        app.Use((context, next) =>
        {
            if (pages.Any(page => context.Request.Path.StartsWithSegments(page))) PageRules.Write(context.Response.Headers);
            return next(context);
        });
    }
}
