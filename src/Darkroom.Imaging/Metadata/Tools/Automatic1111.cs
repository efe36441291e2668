namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>AUTOMATIC1111 and the many that write its text: they differ in the field <c>Version</c>, if at all.</summary>
internal static class Automatic1111
{
    /// <returns>Null where the text has no fields of a generation.</returns>
    public static string? ToolOf(ParsedParameters text)
    {
        if (text.Fields.ContainsKey("App") && text.Fields["App"].StartsWith("SD.Next", StringComparison.Ordinal)) return GeneratorTools.SdNext;
        string version = text.Fields.GetValueOrDefault("Version") ?? "";
        bool Is(string start) => version.StartsWith(start, StringComparison.OrdinalIgnoreCase);
        if (Is("Darkroom")) return GeneratorTools.Darkroom;
        if (Is("ComfyUI")) return GeneratorTools.ComfyUi;
        if (Is("Fooocus")) return GeneratorTools.Fooocus;
        if (Is("stable-diffusion.cpp")) return GeneratorTools.StableDiffusionCpp;
        if (Is("neo") || version is ['f', >= '0' and <= '9', '.', ..]) return GeneratorTools.Forge;
        return text.Fields.ContainsKey("Steps") ? GeneratorTools.A1111 : null;
    }
}
