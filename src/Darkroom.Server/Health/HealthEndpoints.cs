using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Server.Generation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Security.Access;
using Darkroom.Server.Security.Keys;
using Microsoft.AspNetCore.Mvc;

namespace Darkroom.Server.Health;

/// <summary><c>GET /livez</c>: the process answers. <c>GET /readyz</c>: it is worth sending it work.</summary>
internal static class HealthEndpoints
{
    private const string Verbose = "verbose";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", (Delegate)LiveAsync).WithTags("Operation").WithName("getLiveness")
            .WithSummary("Whether the process answers.")
            .WithDescription("200 as long as it does. For everybody, as what decides whether to restart it has no key.")
            .Answers<LivenessAnswer>();
        routes.MapGet("/readyz", ReadyAsync).WithTags("Operation").WithName("getReadiness")
            .WithSummary("Whether it is worth sending the server work.")
            .WithDescription("200 when the default model is loaded, its failure is known, or there is none; "
                + "503 while loading or draining, without a device, or while a store cannot be reached.")
            .TakesQuery(Verbose,
                "With it the answer has the warnings and each check, too; a server with keys tells them to those with the scope read.", Values.Text(16))
            .Answers<ReadinessAnswer>(about: "It is.").Answers<ReadinessAnswer>(503, about: "It is not, or not yet.");
    }

    private static Task LiveAsync(HttpContext context) => JsonResponse.WriteAsync(context, new("live"), WireJson.Wire.LivenessAnswer);

    private static Task ReadyAsync(
        HttpContext context, IModelDirectory models, Drain drain, EngineLifetime engine, HealthWarnings warnings,
        [FromServices] IEnumerable<IStoreHealth> stores, NodeTraits node, ReadinessChecks checks)
    {
        var answer = node.MakesPictures ? Readiness(models, drain.IsDraining, engine)
            : new(drain.IsDraining ? "draining" : "ready", models.Default?.Id, null, null);
        if (answer.Status == "ready" && AwayOf(stores) is { } away) answer = answer with { Status = "unavailable", Reason = away };
        if (context.Request.Query.ContainsKey(Verbose) && Caller.Of(context).Scopes.Allow(KeyScope.Read))
            answer = answer with { Warnings = warnings.Now, Checks = checks.Now };
        return JsonResponse.WriteAsync(context, answer, WireJson.Wire.ReadinessAnswer, answer.Status == "ready" ? 200 : 503);
    }

    internal static ReadinessAnswer Readiness(IModelDirectory models, bool draining, EngineLifetime engine)
    {
        if (engine.Failed.IsCancellationRequested) return new("failed", models.Default?.Id, null, engine.Loss);
        if (models.Default is not { } model) return new(draining ? "draining" : "ready", null, null, Trouble(engine));
        var status = models.StatusOf(model.Id);
        var state = model.Fault is null ? status.State : ModelState.Failed;
        // One that an operator had leave is loaded by the next request for it.
        var isKnown = state is ModelState.Ready or ModelState.Failed || status.IsUnloaded;
        var word = draining ? "draining" : isKnown ? "ready" : "loading";
        return new(word, model.Id, WireNames.Of(state), model.Fault ?? status.Reason ?? Trouble(engine));
    }

    /// <summary>Which stores cannot be used. Everybody may ask: the log alone says where they are and what is the matter.</summary>
    private static string? AwayOf(IEnumerable<IStoreHealth> stores)
    {
        string[] away = [.. stores.Where(store => store.Trouble is not null).Select(store => store.Name)];
        return away.Length == 0 ? null : $"{string.Join(", ", away)}: the store cannot be used now";
    }

    /// <summary>What does not keep the server from answering.</summary>
    private static string? Trouble(EngineLifetime engine) => engine.Loss ?? (engine.StoreIsFull ? "store: disk full" : null);
}
