using System.Text.Json.Nodes;
using Darkroom.Engine.Devices;
using Darkroom.Models.Catalog;
using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Generation;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;
using Microsoft.AspNetCore.Mvc;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>
/// <c>POST /sdapi/v1/unload-checkpoint</c> and <c>reload-checkpoint</c>: the caller's model leaves this process's memory or comes back. Jobs that run keep it.
/// </summary>
internal static class Checkpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sdapi/v1/unload-checkpoint", UnloadAsync);
        routes.MapPost("/sdapi/v1/reload-checkpoint", ReloadAsync);
    }

    private static Task UnloadAsync(HttpContext context, OptionStore store, [FromServices] ModelResidency? residency)
    {
        var (id, problem) = ModelOf(context, store, residency);
        if (problem is not null) return ProblemResponse.WriteAsync(context, problem);
        residency!.Unload(id!);
        return JsonAnswer.WriteAsync(context, new JsonObject());
    }

    private static async Task ReloadAsync(HttpContext context, OptionStore store, [FromServices] ModelResidency? residency)
    {
        var (id, problem) = ModelOf(context, store, residency);
        if (problem is null)
            try
            {
                if (await residency!.LoadAsync(id!, null, context.RequestAborted) is { } refusal)
                    problem = new(
                        refusal.IsMemory ? ProblemType.NoRoomForModel : ProblemType.ModelFailed, $"Model '{id}' could not be loaded: {refusal.Reason}.");
            }
            catch (ObjectDisposedException)
            {
                problem = FailureTable.Of(Failures.ShuttingDown);
            }
        if (problem is null) await JsonAnswer.WriteAsync(context, new JsonObject());
        else await ProblemResponse.WriteAsync(context, problem);
    }

    private static (string? Id, Problem? Problem) ModelOf(HttpContext context, OptionStore store, ModelResidency? residency)
    {
        var models = context.RequestServices.GetRequiredService<IModelDirectory>();
        var chosen = store.Of(Caller.Of(context).Id).Model;
        if ((chosen is null ? models.Default : models.Find(chosen)) is not { } model)
            return (null, new(ProblemType.NoModel, chosen is null ? "This server has no model." : $"Model '{chosen}' is gone."));
        return residency is null
            ? (null, new(ProblemType.NoModelsHere, "This process takes requests and makes no pictures. Workers load models when jobs need them."))
            : (model.Id, null);
    }
}
