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
        [(Get, "/playground/{hash}/{**name}")] = Everybody, // the page's own files; what it calls asks for a key
        [(Get, "/livez")] = Everybody,
        [(Get, "/readyz")] = Everybody,
        [(Get, "/openapi/v1.json")] = Everybody,
        [(Get, "/openapi/v1-3.0.json")] = Everybody,
        [(Get, "/v1/version")] = Read,
        [(Get, "/metrics")] = Metrics,
        [(Post, "/v1/txt2img")] = Generate,
        [(Post, "/v1/img2img")] = Generate,
        [(Post, "/v1/inpaint")] = Generate,
        [(Post, "/v1/outpaint")] = Generate,
        [(Post, "/v1/upscale")] = Generate,
        [(Post, "/v1/denoise")] = Generate,
        [(Post, "/v1/classify")] = Generate,
        [(Post, "/v1/likelihood")] = Generate,
        [(Post, "/v1/features")] = Generate,
        [(Post, "/v1/images/generations")] = Generate,
        [(Post, "/v1/images/edits")] = Generate,
        [(Post, "/v1/images/variations")] = Generate,
        [(Get, "/v1/images/{id}/content")] = Everybody, // with its signed address
        [(Post, "/v1/png-info")] = Read,
        [(Post, "/v1/verify")] = Generate,
        [(Post, "/v1/tokens")] = Read,
        [(Get, "/v1/images/{id}")] = Read,
        [(Get, "/v1/jobs")] = Read,
        [(Get, "/v1/jobs/{id}")] = Read,
        [(Get, "/v1/jobs/{id}/events")] = Read,
        [(Delete, "/v1/jobs/{id}")] = Generate,
        [(Post, "/v1/jobs/{id}/finish")] = Generate,
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
        [(Get, "/v1/vaes")] = Read,
        [(Get, "/v1/samplers")] = Read,
        [(Get, "/v1/schedules")] = Read,
        [(Get, "/internal/ping")] = Read,
        [(Post, "/sdapi/v1/txt2img")] = Generate,
        [(Post, "/sdapi/v1/img2img")] = Generate,
        [(Post, "/sdapi/v1/interrupt")] = Generate,
        [(Post, "/sdapi/v1/skip")] = Generate,
        [(Get, "/sdapi/v1/progress")] = Read,
        [(Post, "/internal/progress")] = Read,
        [(Get, "/internal/pending-tasks")] = Read,
        [(Get, "/sdapi/v1/options")] = Read,
        [(Post, "/sdapi/v1/options")] = Generate,
        [(Get, "/sdapi/v1/samplers")] = Read,
        [(Get, "/sdapi/v1/schedulers")] = Read,
        [(Get, "/sdapi/v1/upscalers")] = Read,
        [(Get, "/sdapi/v1/realesrgan-models")] = Read,
        [(Get, "/sdapi/v1/latent-upscale-modes")] = Read,
        [(Get, "/sdapi/v1/sd-models")] = Read,
        [(Get, "/sdapi/v1/sd-vae")] = Read,
        [(Get, "/sdapi/v1/loras")] = Read,
        [(Get, "/sdapi/v1/embeddings")] = Read,
        [(Get, "/sdapi/v1/hypernetworks")] = Read,
        [(Get, "/sdapi/v1/face-restorers")] = Read,
        [(Get, "/sdapi/v1/prompt-styles")] = Read,
        [(Get, "/sdapi/v1/scripts")] = Read,
        [(Get, "/sdapi/v1/script-info")] = Read,
        [(Get, "/sdapi/v1/extensions")] = Read,
        [(Get, "/sdapi/v1/cmd-flags")] = Read,
        [(Get, "/sdapi/v1/memory")] = Read,
        [(Post, "/sdapi/v1/refresh-checkpoints")] = Read,
        [(Post, "/sdapi/v1/refresh-vae")] = Read,
        [(Post, "/sdapi/v1/refresh-loras")] = Read,
        [(Post, "/sdapi/v1/refresh-embeddings")] = Read,
        [(Post, "/sdapi/v1/extra-single-image")] = Generate,
        [(Post, "/sdapi/v1/extra-batch-images")] = Generate,
        [(Post, "/sdapi/v1/png-info")] = Read,
        [(Post, "/sdapi/v1/unload-checkpoint")] = Admin,
        [(Post, "/sdapi/v1/reload-checkpoint")] = Admin,
        [(Post, "/sdapi/v1/interrogate")] = Read,
        [(Post, "/sdapi/v1/create/embedding")] = Read,
        [(Post, "/sdapi/v1/create/hypernetwork")] = Read,
        [(Post, "/sdapi/v1/train/embedding")] = Read,
        [(Post, "/sdapi/v1/train/hypernetwork")] = Read,
        [(Post, "/sdapi/v1/server-kill")] = Read,
        [(Post, "/sdapi/v1/server-restart")] = Read,
        [(Post, "/sdapi/v1/server-stop")] = Read,
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
