using System.Text.Json.Nodes;
using Darkroom.Server.Automatic1111.Answers;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>The lists that AUTOMATIC1111's clients fill their menus from.</summary>
internal static class ListEndpoints
{
    private static readonly (string Name, Func<HttpContext, JsonNode> Of)[] Lists =
    [
        ("samplers", static _ => SamplerLists.Samplers()),
        ("schedulers", static _ => SamplerLists.Schedulers()),
        ("upscalers", UpscalerLists.All),
        ("realesrgan-models", UpscalerLists.Networks),
        ("latent-upscale-modes", static _ => UpscalerLists.LatentModes()),
        ("sd-models", ModelLists.Checkpoints),
        ("sd-vae", ModelLists.Vaes),
        ("loras", ModelLists.Loras),
        ("embeddings", ModelLists.Embeddings),
        ("hypernetworks", static _ => new JsonArray()),
        ("face-restorers", static _ => new JsonArray()),
        ("prompt-styles", StyleLists.Styles),
        ("scripts", ScriptLists.Names),
        ("script-info", ScriptLists.Details),
        ("extensions", static _ => new JsonArray()),
        ("cmd-flags", CommandFlags.Of),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, of) in Lists)
            routes.MapGet("/sdapi/v1/" + name, (HttpContext context) => JsonAnswer.WriteAsync(context, of(context)));
        routes.MapGet("/sdapi/v1/memory", MemoryReport.AnswerAsync);
        Refreshing.Map(routes);
        Checkpoints.Map(routes);
        NotOffered.Map(routes);
    }
}
