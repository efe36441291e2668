using System.Reflection;
using System.Runtime.InteropServices;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;

namespace Darkroom.Server.Health;

/// <summary><c>GET /v1/version</c>, and what the root says of where to look.</summary>
internal static class Version
{
    public static VersionAnswer Current { get; } = Read();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/version", (Delegate)VersionAsync).WithTags("Operation").WithName("getVersion")
            .WithSummary("What runs here.").WithDescription("Darkroom's version, the commit it was built from, .NET's version, and the system.")
            .Answers<VersionAnswer>();
    }

    private static Task VersionAsync(HttpContext context) => JsonResponse.WriteAsync(context, Current, WireJson.Wire.VersionAnswer);

    /// <summary>Says where to look; what the root answers programs.</summary>
    public static Task WelcomeAsync(HttpContext context) => JsonResponse.WriteAsync(
        context, new("Darkroom", "/swagger", "/openapi/v1.json", "/v1/txt2img", "/v1/models"), WireJson.Wire.WelcomeAnswer);

    private static VersionAnswer Read()
    {
        var full = typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        var parts = full.Split('+', 2);
        return new("Darkroom", parts[0], parts.Length > 1 ? parts[1] : null, RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
    }
}
