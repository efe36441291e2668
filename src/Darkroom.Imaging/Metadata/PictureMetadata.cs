using Darkroom.Imaging.Metadata.Tools;

namespace Darkroom.Imaging.Metadata;

/// <summary>Reads what generators write into a picture's file. For bytes of any origin: never throws, and reads each byte a bounded number of times.</summary>
public static class PictureMetadata
{
    /// <summary>A longer text is no generation parameters and is not read, in bytes.</summary>
    internal const int MaxText = 1 << 20;

    /// <summary>
    /// The generation parameters as AUTOMATIC1111 looks for them: the PNG text <c>parameters</c>, then EXIF UserComment. Null where there are none.
    /// </summary>
    public static string? ReadParameters(ReadOnlySpan<byte> file) => ParametersOf(ReadTexts(file));

    /// <summary>What the file says of how its picture was made, whichever tool wrote it.</summary>
    public static PictureRecord Read(ReadOnlySpan<byte> file)
    {
        var texts = ReadTexts(file);
        string? parameters = ParametersOf(texts);
        bool isText = parameters is not null && !ToolJson.IsObject(parameters);
        var fromText = isText ? ParametersText.Parse(parameters!) : ParsedParameters.None;
        foreach (var (tool, read) in GeneratorTools.All)
            if (read(texts) is { } values)
                return isText
                    ? new(tool, parameters!, fromText, Without(texts, parameters!))
                    : new(tool, values.ToString(), values, texts) { OwnForm = parameters };
        string? named = isText ? Automatic1111.ToolOf(fromText) : null;
        return new(named, parameters ?? "", fromText, parameters is null ? texts : Without(texts, parameters)) { OwnForm = isText ? null : parameters };
    }

    private static string? ParametersOf(IReadOnlyDictionary<string, string> texts) =>
        texts.GetValueOrDefault("parameters") ?? texts.GetValueOrDefault("UserComment");

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> texts, string shown) =>
        new(texts.Where(text => !(text.Key is "parameters" or "UserComment" && text.Value == shown)));

    private static IReadOnlyDictionary<string, string> ReadTexts(ReadOnlySpan<byte> file)
    {
        var texts = new TextList();
        switch (PictureInfo.TypeOf(file))
        {
            case PictureFormat.Png: PngTexts.Read(file, texts); break;
            case PictureFormat.Jpeg: JpegSegments.ReadTexts(file, texts); break;
            case PictureFormat.Webp: WebpChunks.ReadTexts(file, texts); break;
        }
        return texts.Texts;
    }
}
