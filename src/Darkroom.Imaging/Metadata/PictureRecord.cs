namespace Darkroom.Imaging.Metadata;

/// <summary>What a picture's file says of how it was made.</summary>
/// <param name="Tool">Which tool wrote it: a name of <see cref="Tools.GeneratorTools"/>; null where none of them is recognised.</param>
/// <param name="Info">
/// The parameters text as it stands in the file; where a tool writes its values in a form of its own, those values as such a text. Empty where there are none.
/// </param>
/// <param name="Parameters">The same, parsed; fields by AUTOMATIC1111's names.</param>
/// <param name="Texts">What else the file says: PNG keywords, EXIF tags (<c>UserComment</c>, <c>Software</c> …) and comments, as written.</param>
public sealed record PictureRecord(string? Tool, string Info, ParsedParameters Parameters, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>Of a file that says nothing.</summary>
    public static readonly PictureRecord None = new(null, "", ParsedParameters.None, new Dictionary<string, string>());

    /// <summary>Values in a tool's own form where A1111 has its text: what <see cref="Info"/> was made of. Null where it stands as it is.</summary>
    internal string? OwnForm { get; init; }

    // What generators write. Other texts of a file are its owner's, and nothing that a picture made of it should carry on.
    private static readonly string[] Kept =
    [
        "prompt", "workflow", "invokeai_metadata", "invokeai_graph", "invokeai_workflow", "sd-metadata", "Dream", "fooocus_scheme", "parameters-json", "smproj",
        "Title", "Description", "Software", "Source", "Generation time", "Comment", "extras", "postprocessing",
    ];

    /// <summary>The label of a picture that was made of this one by an upscaler alone.</summary>
    /// <param name="fields">What was done to it, under A1111's names.</param>
    /// <param name="version">Who did it; said where the picture had no fields.</param>
    public PictureLabel Extended(IReadOnlyList<KeyValuePair<string, string>> fields, KeyValuePair<string, string> version)
    {
        var others = Tool is null ? [] : Kept.Where(Texts.ContainsKey).Select(name => new KeyValuePair<string, string>(name, Texts[name])).ToList();
        // Values in a tool's own form stay in it; what was done is said as A1111's Extras does, beside them.
        if (OwnForm is not { } own) return new PictureLabel(ParametersText.Append(Info, fields, version), others);
        others.RemoveAll(text => text.Key == "extras");
        others.Add(new("extras", ParametersText.Append(Texts.GetValueOrDefault("extras") ?? "", fields, version)));
        if (Texts.GetValueOrDefault("MakerNote") is { } scheme) others.Add(new("fooocus_scheme", scheme));
        return new PictureLabel(own, others);
    }
}
