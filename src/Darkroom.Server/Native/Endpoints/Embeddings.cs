using Darkroom.Models.Catalog;
using Darkroom.Models.Embeddings;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/embeddings</c>.</summary>
internal static class Embeddings
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/embeddings", (Delegate)ListAsync)
        .WithTags("Discovery").WithName("listEmbeddings")
        .WithSummary("Every textual inversion, those that cannot be used with the reason.")
        .WithDescription("Textual inversions: what prompts may name, and the field embeddings.")
        .Answers<EmbeddingList>();

    private static Task ListAsync(HttpContext context, IEmbeddingDirectory embeddings, IModelDirectory models)
    {
        var usable = models.All.Where(model => model.Fault is null).ToArray();
        return JsonResponse.WriteAsync(
            context, new EmbeddingList([.. embeddings.All.Select(one => EmbeddingEntry.Of(one, ModelsOf(one, usable)))]), WireJson.Wire.EmbeddingList);
    }

    private static IEnumerable<string> ModelsOf(EmbeddingDescription embedding, ModelDescription[] models) =>
        models.Where(model => embedding.MisfitOf(model) is null).Select(model => model.Id);
}
