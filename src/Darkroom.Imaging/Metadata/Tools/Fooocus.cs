using System.Text.Json;

namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>Fooocus: JSON where A1111 has its text, or such a text, told by <c>fooocus_scheme</c> (EXIF: MakerNote) or by the software's name.</summary>
internal static class Fooocus
{
    public static ParsedParameters? Read(IReadOnlyDictionary<string, string> texts)
    {
        bool isNamed = texts.ContainsKey("fooocus_scheme")
            || texts.GetValueOrDefault("Software")?.Contains("Fooocus", StringComparison.OrdinalIgnoreCase) == true
            || texts.GetValueOrDefault("MakerNote") is "fooocus" or "a1111";
        if (Values(texts) is not { } values) return isNamed ? ParsedParameters.None : null;
        if (!isNamed && (values.Member("base_model") is null || values.Member("guidance_scale") is null)) return null;
        return ToolJson.Record(
            values.Text("prompt"), values.Text("negative_prompt"),
            ("Steps", values.Text("steps")), ("Sampler", values.Text("sampler")), ("Schedule type", values.Text("scheduler")),
            ("CFG scale", values.Text("guidance_scale")),
            ("Seed", values.Text("seed")), ("Size", Size(values.Text("resolution"))), ("Model hash", values.Text("base_model_hash")),
            ("Model", values.Text("base_model")),
            ("Sharpness", values.Text("sharpness")), ("Performance", values.Text("performance")), ("Version", values.Text("version")));
    }

    // Versions before 2.2 of some forks have it as a comment.
    private static JsonElement? Values(IReadOnlyDictionary<string, string> texts) =>
        ToolJson.Parse(texts.GetValueOrDefault("parameters")) ?? ToolJson.Parse(texts.GetValueOrDefault("UserComment"))
        ?? ToolJson.Parse(texts.GetValueOrDefault("Comment"));

    // "(1024, 768)", a tuple as Python writes it.
    private static string? Size(string? tuple) =>
        tuple?.Trim('(', ')', ' ').Split(',') is [var width, var height] ? ToolJson.Size(width.Trim(), height.Trim()) : null;
}
