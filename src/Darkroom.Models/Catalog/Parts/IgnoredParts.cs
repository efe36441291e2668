namespace Darkroom.Models.Catalog.Parts;

/// <summary>Parts that stand in the folder and take no part in drawing a picture.</summary>
internal static class IgnoredParts
{
    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["safety_checker"] = "pictures are not screened",
        ["feature_extractor"] = "only a safety checker or an image encoder reads it",
        ["image_encoder"] = "prompts are text; picture prompts are not supported",
    };

    /// <summary>Each with its reason, in order of name; those of the index and those that lie in the folder unnamed.</summary>
    public static IReadOnlyList<string> Of(PipelineIndex index, FolderLayout layout, string root) =>
    [
        .. index.Present.Concat(Reasons.Keys.Where(part => Directory.Exists(Path.Combine(root, part))))
            .Except(layout.Used).Distinct().Order(StringComparer.Ordinal)
            .Select(part => $"{part}: {Reasons.GetValueOrDefault(part, "not a part of this family")}"),
    ];
}
