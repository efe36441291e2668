namespace Darkroom.Server.Security;

/// <summary>What tells whether the server is there, which anybody may ask, by any name: balancers and monitors choose their own.</summary>
internal static class Probes
{
    public static bool Has(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Path.Value is "/livez" or "/readyz";
}
