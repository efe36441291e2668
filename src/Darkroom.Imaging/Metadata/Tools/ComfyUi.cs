using System.Text.Json;

namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>
/// ComfyUI: the graph that ran as JSON in <c>prompt</c> (id → class and inputs; an input is a value, or a
/// node's id and output), the editor's in <c>workflow</c>. Values are looked for
/// along the links from the first sampler; a graph without a usual one gives no values.
/// </summary>
internal static class ComfyUi
{
    /// <summary>Nodes followed from one to the next; a graph of any origin may lead in a circle.</summary>
    private const int MaxLinks = 32;

    public static ParsedParameters? Read(IReadOnlyDictionary<string, string> texts)
    {
        // Other programs have a text "prompt" too; this one is a graph.
        if (ToolJson.Parse(texts.GetValueOrDefault("prompt")) is { } graph && Nodes(graph).Any()) return Values(graph);
        return ToolJson.Parse(texts.GetValueOrDefault("workflow"))?.Member("nodes") is not null ? ParsedParameters.None : null;
    }

    private static ParsedParameters Values(JsonElement graph)
    {
        var samplers = Nodes(graph).Where(node => node.Text("class_type")!.Contains("Sampler", StringComparison.Ordinal))
            .Select(node => node.Member("inputs") ?? default);
        var sampler = samplers.FirstOrDefault(inputs => Seeds.Append("noise").Any(name => inputs.Member(name) is not null));
        if (sampler.ValueKind != JsonValueKind.Object) return ParsedParameters.None;
        string? Find(string input, params string[] along) => FindValue(graph, sampler, [input, "value"], along);
        // With a guider it is that which has the two sides, or the one.
        var guided = Follow(graph, sampler.Member("guider")) ?? sampler;
        string? TextOf(string side) => FindValue(graph, Follow(graph, guided.Member(side)), Texts, [side, "conditioning", "conditioning_1", "conditioning_to"]);
        string[] latent = ["latent_image", "samples", "latent"], model = ["model", "guider"];
        string? denoise = Find("denoise", "sigmas");
        return ToolJson.Record(
            TextOf("positive") ?? TextOf("conditioning"), TextOf("negative"),
            ("Steps", Find("steps", "sigmas")), ("Sampler", Find("sampler_name", "sampler")), ("Schedule type", Find("scheduler", "sigmas")),
            ("CFG scale", Find("cfg", "guider")),
            ("Seed", FindValue(graph, sampler, [.. Seeds, "value"], ["noise"])), ("Size", ToolJson.Size(Find("width", latent), Find("height", latent))),
            ("Model", Find("ckpt_name", model) ?? Find("unet_name", model)), ("Denoising strength", denoise is "1" or "1.0" ? null : denoise));
    }

    private static readonly string[] Seeds = ["seed", "noise_seed"], Texts = ["text", "text_g", "t5xxl", "value", "string"];

    private static IEnumerable<JsonElement> Nodes(JsonElement graph) =>
        graph.EnumerateObject().Select(node => node.Value).Where(node => node.Text("class_type") is not null);

    // The value of an input, here or at the first node that has it: along the input's own link, else along the first of the others.
    private static string? FindValue(JsonElement graph, JsonElement? from, string[] names, string[] along)
    {
        var inputs = from;
        for (int followed = 0; inputs is { } here && followed < MaxLinks; followed++)
        {
            var given = names.Select(name => here.Member(name)).OfType<JsonElement>().ToList();
            if (given.Select(value => value.Text()).FirstOrDefault(text => text is not null) is { } found) return found;
            var links = given.Concat(along.Select(link => here.Member(link)).OfType<JsonElement>());
            inputs = links.Select(link => Follow(graph, link)).FirstOrDefault(next => next is not null);
        }
        return null;
    }

    // The inputs of the node that a link leads to.
    private static JsonElement? Follow(JsonElement graph, JsonElement? link) =>
        link is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2 && pair[0].Text() is { } id ? graph.Member(id)?.Member("inputs") : null;
}
