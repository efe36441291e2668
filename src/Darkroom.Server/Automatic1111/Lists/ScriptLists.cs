using System.Text.Json.Nodes;
using Darkroom.Models.ControlNets;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary>Scripts that requests may name: units of the ControlNet extension, where there is a ControlNet.</summary>
internal static class ScriptLists
{
    private const string ControlNet = "controlnet";

    public static JsonNode Names(HttpContext context) => new JsonObject { ["txt2img"] = Of(context), ["img2img"] = Of(context) };

    public static JsonNode Details(HttpContext context) => HasControlNets(context)
        ? new JsonArray(Detail(isImg2Img: false), Detail(isImg2Img: true)) : new JsonArray();

    private static JsonArray Of(HttpContext context) => HasControlNets(context) ? [ControlNet] : [];

    private static JsonObject Detail(bool isImg2Img) => new()
    {
        ["name"] = ControlNet, ["is_alwayson"] = true, ["is_img2img"] = isImg2Img, ["args"] = new JsonArray(),
    };

    private static bool HasControlNets(HttpContext context) =>
        context.RequestServices.GetService<IControlNetDirectory>()?.All.Any(one => one.Fault is null) == true;
}
