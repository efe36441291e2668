using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
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
    /// Those that a change of would show, whether they exist or not, and the card. Of what no family recognises what says so.
    /// </summary>
    /// <param name="path">A model's folder, or its file.</param>
    /// <returns>Paths.</returns>
    public static IReadOnlyList<string> Watched(string path)
    {
        if (!ModelPlace.IsCheckpoint(path))
            return [.. ((string[])[DarkroomFile.Name, PipelineIndex.Name, .. Possible(path)]).Select(file => Path.Combine(path, file))];
        string folder = FolderOf(path), name = Path.GetFileName(path);
        string card = Path.GetFileNameWithoutExtension(path) + ModelPlace.CardEnd;
        return [.. ((string[])[name, card, .. Possible(path)]).Select(file => Path.Combine(folder, file))];
    }

    /// <summary>Those that exist, in ordinal order; none for what no family recognises.</summary>
    /// <param name="path">A model's folder, or its file.</param>
    /// <returns>Paths relative to <see cref="FolderOf"/>, with <c>/</c>.</returns>
    public static IReadOnlyList<string> Of(string path) =>
        [.. Possible(path).Where(file => File.Exists(Path.Combine(FolderOf(path), file))).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The folder itself, or the file's.</summary>
    public static string FolderOf(string path) => ModelPlace.IsCheckpoint(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path;

    private static string[] Possible(string path)
    {
        if (ModelPlace.Of(path, new FaultList()) is not { } place) return [];
        if (PipelineIndex.Read(place.Root, new FaultList()) is not { } index || ModelFamilies.Of(index) is not { Layout: var layout }) return [];
        var weights = layout.Graphs.SelectMany(part => GraphFile.Read(place, part, new FaultList(), required: false)?.Files ?? [$"{part}/{GraphFile.Name}"]);
        // Configurations that ship are part of the program.
        if (PublishedConfigs.Contains(place.Root)) return [.. weights.Distinct()];
        var configs = layout.Graphs.Append(FolderLayout.Autoencoder).Select(part => $"{part}/config.json");
        var tokenizers = layout.Tokenizers.SelectMany(part => OfTokenizer.Select(file => $"{part}/{file}"));
        string below = place.IsFile ? Path.GetRelativePath(place.CardFolder, place.Root).Replace(Path.DirectorySeparatorChar, '/') + "/" : "";
        return [.. ((string[])[PipelineIndex.Name, SamplerFile.Name, .. configs, .. tokenizers]).Select(file => below + file), .. weights];
    }
}
