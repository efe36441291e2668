using Darkroom.Models.Catalog;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c>.</summary>
internal static class Models
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", ListAsync).WithTags("Discovery").WithName("listModels")
            .WithSummary("Every model, those that cannot be used with the reason.")
            .WithDescription("A list as OpenAI's clients read it. Each entry says what the model can do and what it does where a request is silent.")
            .Answers<ModelList>();
        routes.MapGet("/v1/models/{id}", OneAsync).WithTags("Discovery").WithName("getModel")
            .WithSummary("One model.").WithDescription("What it can do, its defaults for every field that a request leaves out, and whether it is in memory.")
            .TakesId("The model's id, as GET /v1/models lists it.", Values.Text(512)).Answers<ModelEntry>().Fails(ProblemType.ModelNotFound);
    }

    private static Task ListAsync(HttpContext context, IModelDirectory models) => JsonResponse.WriteAsync(
        context, new ModelList([.. models.All.Select(model => ModelEntry.Of(model, models.StatusOf(model.Id)).WithoutLayers())]), WireJson.Wire.ModelList);

    private static Task OneAsync(HttpContext context, string id, IModelDirectory models) => models.Find(id) is { } model
        ? JsonResponse.WriteAsync(context, ModelEntry.Of(model, models.StatusOf(id)), WireJson.Wire.ModelEntry)
        : ProblemResponse.WriteAsync(context, new(
            ProblemType.ModelNotFound, $"There is no such model.{Suggestion.Sentence(id, models.All.Select(known => known.Id))}"));
}
