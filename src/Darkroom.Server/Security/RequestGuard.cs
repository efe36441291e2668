namespace Darkroom.Server.Security;

/// <summary>What stands before every address: who may call the server by which name, and what its pages may do.</summary>
internal static class RequestGuard
{
    /// <param name="app">Of the server.</param>
    /// <param name="hosts">Names beside IP addresses and the loopback's.</param>
    /// <param name="origins">Of pages that may use the server.</param>
    /// <param name="pages">Paths of the server's own pages.</param>
    public static void UseRequestGuard(this WebApplication app, IReadOnlyList<string> hosts, IReadOnlyList<string> origins, params PathString[] pages)
    {
        app.UseMiddleware<OwnHost>(new HostNames(hosts));
        app.UseMiddleware<CrossSite>(origins);
        app.Use((context, next) =>
        {
            if (pages.Any(page => context.Request.Path.StartsWithSegments(page))) PageRules.Write(context.Response.Headers);
            return next(context);
        });
    }
}
