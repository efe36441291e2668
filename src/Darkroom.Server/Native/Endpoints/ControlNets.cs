using Darkroom.Models.ControlNets;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/controlnets</c>.</summary>
internal static class ControlNets
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/controlnets", (Delegate)ListAsync)
        .WithTags("Discovery").WithName("listControlNets")
        .WithSummary("Every ControlNet, those that cannot be used with the reason.")
        .WithDescription("Networks that lead a generation by a picture: what the field controls takes.")
        .Answers<ControlNetList>();

    private static Task ListAsync(HttpContext context, IControlNetDirectory nets) =>
        JsonResponse.WriteAsync(context, new ControlNetList([.. nets.All.Select(ControlNetEntry.Of)]), WireJson.Wire.ControlNetList);
}
