using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families;
using Darkroom.Models.Files;
using Darkroom.Models.Text;

namespace Darkroom.Models.Pool;

/// <summary>
/// The files of a model folder that decide what its pictures look like. <c>darkroom.json</c> is not among them: its values are in each request by then.
/// </summary>
public static class ModelFiles
{
    private static readonly string[] OfTokenizer =
    [
        ClipVocabularyFiles.Vocabulary, ClipVocabularyFiles.MergeList, ClipVocabularyFiles.Whole, ClipVocabularyFiles.Config, ClipVocabularyFiles.SpecialTokens,
        T5VocabularyFiles.Model,
    ];

    /// <summary>
    /// Those that a change of would show, whether they exist or not, and <c>darkroom.json</c>. Of a folder that no family recognises what says so.
    /// </summary>
    public static IReadOnlyList<string> Watched(string folder) => [DarkroomFile.Name, PipelineIndex.Name, .. Possible(folder)];

    /// <summary>Those that exist, as paths relative to the folder with <c>/</c>, in ordinal order; none for a folder that no family recognises.</summary>
    public static IReadOnlyList<string> Of(string folder) =>
        [.. Possible(folder).Where(file => File.Exists(Path.Combine(folder, file))).Distinct().Order(StringComparer.Ordinal)];

    private static string[] Possible(string folder)
    {
        if (PipelineIndex.Read(folder, new FaultList()) is not { } index || ModelFamilies.Of(index) is not { Layout: var layout }) return [];
        var graphs = layout.Graphs.SelectMany(part => GraphFile.Read(folder, part, new FaultList(), required: false)?.Files ?? [$"{part}/{GraphFile.Name}"]);
        var configs = layout.Graphs.Append(FolderLayout.Autoencoder).Select(part => $"{part}/config.json");
        var tokenizers = layout.Tokenizers.SelectMany(part => OfTokenizer.Select(file => $"{part}/{file}"));
        return [PipelineIndex.Name, SamplerFile.Name, .. configs, .. tokenizers, .. graphs];
    }
}
