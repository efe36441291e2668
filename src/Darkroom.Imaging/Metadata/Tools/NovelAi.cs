namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>
/// NovelAI: the PNG texts Software, Description (the prompt), Source (the model) and Comment (JSON); in WebP all of them as one JSON in UserComment.
/// </summary>
internal static class NovelAi
{
    public static ParsedParameters? Read(IReadOnlyDictionary<string, string> texts)
    {
        var comment = ToolJson.Parse(texts.GetValueOrDefault("UserComment"));
        string? Of(string name) => texts.GetValueOrDefault(name) ?? comment?.Text(name);
        bool isNamed = new[] { "Software", "Title", "ImageDescription" }.Any(name => Of(name)?.Contains("NovelAI", StringComparison.Ordinal) == true);
        if (!isNamed) return null;
        if ((ToolJson.Parse(Of("Comment")) ?? comment) is not { } values) return ToolJson.Record(Of("Description"), "");
        return ToolJson.Record(
            Of("Description") ?? values.Text("prompt"), values.Text("uc"),
            ("Steps", values.Text("steps")), ("Sampler", values.Text("sampler")), ("Schedule type", values.Text("noise_schedule")),
            ("CFG scale", values.Text("scale")),
            ("Seed", values.Text("seed")), ("Size", ToolJson.Size(values.Text("width"), values.Text("height"))), ("Model", Of("Source")),
            ("Denoising strength", values.Text("strength")));
    }
}
