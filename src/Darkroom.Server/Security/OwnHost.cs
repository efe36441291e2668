using Darkroom.Server.Problems;

namespace Darkroom.Server.Security;

/// <summary>Refuses requests that call the server by a name that is none of its own. One without any, which HTTP/1.0 allows, comes from no browser.</summary>
internal sealed class OwnHost(RequestDelegate next, HostNames names)
{
    private const string Detail = "The request's Host is no name of this server: it answers to IP addresses, to localhost and to the names in Darkroom:Hosts.";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        return !request.Host.HasValue || Probes.Has(request) || names.Has(request.Host.Host)
            ? next(context)
            : ProblemResponse.WriteAsync(context, new(ProblemType.HostNotServed, Detail));
    }
}
