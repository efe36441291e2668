namespace Darkroom.Server.Http;

/// <summary>
/// HEAD wherever GET is (RFC 9110, 9.1). The listener sends no body to it, whatever the endpoint writes; an endpoint whose body has no end must not
/// begin one.
/// </summary>
internal static class HeadRequests
{
    /// <summary>A place for endpoints: those that are mapped to GET there answer HEAD too.</summary>
    public static IEndpointRouteBuilder MapReadable(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        ((IEndpointConventionBuilder)group).Add(static endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
                endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        });
        return group;
    }
}
