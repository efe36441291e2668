using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Security.Access;

/// <summary>What an endpoint asks of its callers, on a server with keys.</summary>
/// <param name="Scope">The scope of their key; null: nothing, it is for everybody.</param>
internal sealed record AddressAccess(KeyScope? Scope);

/// <summary>The one table of what each address asks. An endpoint that is not in it is for <see cref="KeyScope.Admin"/> alone, and a test finds it.</summary>
internal static class AddressTable
{
    private const string Get = "GET", Post = "POST", Patch = "PATCH", Put = "PUT", Delete = "DELETE";

    // The interface itself is no secret: it is the same of every server. What runs here and in which version is.
    private static readonly AddressAccess Everybody = new((KeyScope?)null), Read = new(KeyScope.Read), Generate = new(KeyScope.Generate),
        Metrics = new(KeyScope.Metrics), Admin = new(KeyScope.Admin);

    private static readonly Dictionary<(string Method, string Route), AddressAccess> Rows = new()
    {
        [(Get, "/")] = Everybody,
        [(Get, "/livez")] = Everybody,
        [(Get, "/readyz")] = Everybody,
        [(Get, "/openapi/v1.json")] = Everybody,
        [(Get, "/v1/version")] = Read,
        [(Get, "/metrics")] = Metrics,
        [(Post, "/v1/txt2img")] = Generate,
        [(Post, "/v1/img2img")] = Generate,
        [(Post, "/v1/inpaint")] = Generate,
        [(Post, "/v1/outpaint")] = Generate,
        [(Post, "/v1/upscale")] = Generate,
        [(Post, "/v1/png-info")] = Read,
        [(Get, "/v1/images/{id}")] = Read,
        [(Get, "/v1/jobs")] = Read,
        [(Get, "/v1/jobs/{id}")] = Read,
        [(Get, "/v1/jobs/{id}/events")] = Read,
        [(Delete, "/v1/jobs/{id}")] = Generate,
        [(Patch, "/v1/jobs/{id}")] = Admin,
        [(Post, "/v1/queue/pause")] = Admin,
        [(Post, "/v1/queue/resume")] = Admin,
        [(Get, "/v1/stats")] = Read,
        [(Get, "/v1/log-level")] = Admin,
        [(Put, "/v1/log-level")] = Admin,
        [(Get, "/v1/models")] = Read,
        [(Get, "/v1/models/{id}")] = Read,
        [(Post, "/v1/models/{id}/load")] = Admin,
        [(Post, "/v1/models/{id}/unload")] = Admin,
        [(Get, "/v1/devices")] = Read,
        [(Get, "/v1/usage")] = Read,
        [(Get, "/v1/upscalers")] = Read,
        [(Get, "/v1/controlnets")] = Read,
        [(Get, "/v1/loras")] = Read,
        [(Get, "/v1/embeddings")] = Read,
        [(Get, "/v1/samplers")] = Read,
        [(Get, "/v1/schedules")] = Read,
    };

    /// <summary>A place for endpoints: each gets what the table says of it.</summary>
    public static IEndpointRouteBuilder MapByAccess(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        ((IEndpointConventionBuilder)group).Add(static endpoint =>
        {
            if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } route } && Find(endpoint.Metadata, route) is { } access)
                endpoint.Metadata.Add(access);
        });
        return group;
    }

    // An endpoint of several methods asks for what the first one does: GET, where HEAD is the other. One that names none is read.
    private static AddressAccess? Find(IList<object> metadata, string route) =>
        metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: [var method, ..] }
            ? Rows.GetValueOrDefault((method, route)) : Rows.GetValueOrDefault((Get, route));
}
