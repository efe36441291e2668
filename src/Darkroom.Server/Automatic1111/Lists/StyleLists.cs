using System.Text.Json.Nodes;
using Darkroom.Server.Automatic1111.Styles;

namespace Darkroom.Server.Automatic1111.Lists;

/// <summary><c>prompt-styles</c>.</summary>
internal static class StyleLists
{
    public static JsonNode Styles(HttpContext context) => new JsonArray([.. context.RequestServices.GetRequiredService<StyleBook>().Current().All
        .Select(style => new JsonObject { ["name"] = style.Name, ["prompt"] = style.Prompt, ["negative_prompt"] = style.NegativePrompt })]);
}
