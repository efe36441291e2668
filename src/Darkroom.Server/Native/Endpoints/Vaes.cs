using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/vaes</c>.</summary>
internal static class Vaes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/vaes", (Delegate)ListAsync).WithTags("Discovery").WithName("listVaes")
        .WithSummary("Every autoencoder beside the models, those that cannot be used with the reason.")
        .WithDescription("Autoencoders that can stand in the place of a model's own: what the field vae takes.")
        .Answers<VaeList>();

    private static Task ListAsync(HttpContext context, IModelDirectory models)
    {
        var autoencoders = context.RequestServices.GetService<IAutoencoderDirectory>();
        return JsonResponse.WriteAsync(context, new VaeList([.. autoencoders?.All.Select(one => VaeEntry.Of(one, models.All)) ?? []]), WireJson.Wire.VaeList);
    }
}
