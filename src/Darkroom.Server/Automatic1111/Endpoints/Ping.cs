namespace Darkroom.Server.Automatic1111.Endpoints;

/// <summary><c>GET /internal/ping</c>: the server is there.</summary>
internal static class Ping
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/internal/ping", static (HttpContext context) =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("{}", context.RequestAborted);
    });
}
