using Darkroom.Models.Upscaling;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/upscalers</c>.</summary>
internal static class Upscalers
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/upscalers", (Delegate)ListAsync).WithTags("Discovery").WithName("listUpscalers")
        .WithSummary("Every upscaler, those that cannot be used with the reason.")
        .WithDescription("Networks that enlarge pictures: what POST /v1/upscale takes as model, and the field upscale of other tasks.")
        .Answers<UpscalerList>();

    private static Task ListAsync(HttpContext context, IUpscalerDirectory upscalers) =>
        JsonResponse.WriteAsync(context, new UpscalerList([.. upscalers.All.Select(UpscalerEntry.Of)]), WireJson.Wire.UpscalerList);
}
