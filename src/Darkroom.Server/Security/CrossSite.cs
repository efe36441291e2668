using Darkroom.Server.Http;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Security;

/// <summary>
/// Refuses what a page of another origin sends, unless CORS allows that origin: a form needs no preflight, and would make work. Browsers say where a request
/// comes from by <c>Sec-Fetch-Site</c> (W3C Fetch Metadata), which no page can change; over plain HTTP to another machine they leave it out, and
/// <c>Origin</c> tells. A request with neither comes from no page that could read the answer.
/// </summary>
/// <param name="next">The rest of the way.</param>
/// <param name="origins">Those that CORS allows.</param>
internal sealed class CrossSite(RequestDelegate next, IReadOnlyList<string> origins)
{
    private const string Detail = "The request comes from a page of another origin; Darkroom:Cors:Origins names those that may use this server.";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        return IsOwn(request) || IsAllowed(request) || IsNavigation(request) || Probes.Has(request)
            ? next(context)
            : ProblemResponse.WriteAsync(context, new(ProblemType.CrossSite, Detail));
    }

    private static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site
        ? site == "same-origin" || site == "none" // none: a person typed the address
        : request.Headers.Origin is not { Count: > 0 } origin || IsOfHost(origin.ToString(), request.Host);

    // The scheme is left out: a proxy may have taken the TLS off.
    private static bool IsOfHost(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && host.HasValue && uri.Authority.Equals(Authority(uri, host), StringComparison.OrdinalIgnoreCase);

    private static string Authority(Uri origin, HostString host) =>
        Uri.TryCreate($"{origin.Scheme}://{host.Value}", UriKind.Absolute, out var uri) ? uri.Authority : "";

    // A picture that an allowed page shows comes without an origin, and with the page that it stands on.
    private bool IsAllowed(HttpRequest request) => origins.Contains(CrossOrigin.Any)
        || (request.Headers.Origin is { Count: > 0 } origin ? origins.Contains(origin.ToString())
            : OriginOfReferer(request) is { } page && origins.Contains(page));

    private static string? OriginOfReferer(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null;

    // A person follows a link: the page that it stands on sees nothing of the answer. Within a frame it would.
    private static bool IsNavigation(HttpRequest request) => (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
}
