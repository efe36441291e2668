using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Automatic1111.Names;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>Upscalers, in the names that requests give.</summary>
internal static class UpscalerLists
{
    private const int UsualScale = 4; // what AUTOMATIC1111 says of those that have none

    public static JsonNode All(HttpContext context)
    {
        var upscalers = context.RequestServices.GetRequiredService<IUpscalerDirectory>();
        return new JsonArray(
        [
            .. A1111Upscalers.WithoutNetwork.Select(name => Entry(name, null, UsualScale)),
            .. A1111Upscalers.Usable(upscalers).Select(one => Entry(A1111Upscalers.NameOf(one, upscalers), one.Id, one.Scale ?? UsualScale)),
        ]);
    }

    public static JsonNode Networks(HttpContext context)
    {
        var upscalers = context.RequestServices.GetRequiredService<IUpscalerDirectory>();
        return new JsonArray([.. A1111Upscalers.Usable(upscalers).Select(one => new JsonObject
        {
            ["name"] = A1111Upscalers.NameOf(one, upscalers), ["path"] = one.Id, ["scale"] = one.Scale ?? UsualScale,
        })]);
    }

    /// <summary>Ways in which a second pass enlarges latents as they are.</summary>
    public static JsonArray LatentModes() => [.. LatentUpscale.All.Select(mode => new JsonObject { ["name"] = mode.Title })];

    private static JsonObject Entry(string name, string? id, int scale) => new()
    {
        ["name"] = name, ["model_name"] = id, ["model_path"] = id, ["model_url"] = null, ["scale"] = scale,
    };
}
