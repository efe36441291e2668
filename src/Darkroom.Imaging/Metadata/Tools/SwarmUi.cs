namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>SwarmUI: JSON with <c>sui_image_params</c>, where A1111 has its text.</summary>
internal static class SwarmUi
{
    public static ParsedParameters? Read(IReadOnlyDictionary<string, string> texts)
    {
        string? text = texts.GetValueOrDefault("parameters") ?? texts.GetValueOrDefault("UserComment");
        if (ToolJson.Parse(text)?.Member("sui_image_params") is not { } values) return null;
        return ToolJson.Record(
            values.Text("prompt"), values.Text("negativeprompt"),
            ("Steps", values.Text("steps")), ("Sampler", values.Text("sampler")), ("Schedule type", values.Text("scheduler")),
            ("CFG scale", values.Text("cfgscale")),
            ("Seed", values.Text("seed")), ("Size", ToolJson.Size(values.Text("width"), values.Text("height"))), ("Model", values.Text("model")),
            ("Denoising strength", values.Text("initimagecreativity")));
    }
}
