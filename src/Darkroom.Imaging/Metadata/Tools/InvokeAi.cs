using System.Text.Json;

namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>InvokeAI: <c>invokeai_metadata</c> since version 3, <c>sd-metadata</c> and <c>Dream</c> before.</summary>
internal static class InvokeAi
{
    public static ParsedParameters? Read(IReadOnlyDictionary<string, string> texts)
    {
        if (ToolJson.Parse(texts.GetValueOrDefault("invokeai_metadata")) is { } values) return Current(values);
        if (ToolJson.Parse(texts.GetValueOrDefault("sd-metadata"))?.Member("image") is { } old) return Old(old);
        bool isNamed = texts.Keys.Any(name => name is "invokeai_metadata" or "invokeai_graph" or "invokeai_workflow" or "sd-metadata" or "Dream");
        return isNamed ? ParsedParameters.None : null;
    }

    private static ParsedParameters Current(JsonElement values)
    {
        var model = values.Member("model");
        return ToolJson.Record(
            values.Text("positive_prompt"), values.Text("negative_prompt"),
            ("Steps", values.Text("steps")), ("Sampler", values.Text("scheduler")), ("CFG scale", values.Text("cfg_scale")), ("Seed", values.Text("seed")),
            ("Size", ToolJson.Size(values.Text("width"), values.Text("height"))), ("Model hash", model?.Text("hash")),
            ("Model", model?.Text("name") ?? model?.Text("model_name")),
            ("Denoising strength", values.Text("strength")), ("Version", values.Text("app_version")));
    }

    private static ParsedParameters Old(JsonElement image)
    {
        // A text, or a list of texts with weights.
        string? prompt = image.Text("prompt");
        if (image.Member("prompt") is { ValueKind: JsonValueKind.Array } parts && parts.GetArrayLength() > 0) prompt = parts[0].Text("prompt");
        return ToolJson.Record(
            prompt, "",
            ("Steps", image.Text("steps")), ("Sampler", image.Text("sampler")), ("CFG scale", image.Text("cfg_scale")), ("Seed", image.Text("seed")),
            ("Size", ToolJson.Size(image.Text("width"), image.Text("height"))), ("Denoising strength", image.Text("strength")));
    }
}
