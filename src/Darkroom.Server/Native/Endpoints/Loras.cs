using Darkroom.Models.Loras;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/loras</c>.</summary>
internal static class Loras
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/loras", (Delegate)ListAsync).WithTags("Discovery").WithName("listLoras")
        .WithSummary("Every LoRA, those that cannot be used with the reason.")
        .WithDescription("Low-rank adaptations: what the field loras takes, and what a tag in a weighted prompt may name.")
        .Answers<LoraList>();

    private static Task ListAsync(HttpContext context, ILoraDirectory loras) =>
        JsonResponse.WriteAsync(context, new LoraList([.. loras.All.Select(LoraEntry.Of)]), WireJson.Wire.LoraList);
}
