using Darkroom.Models.Catalog.Json;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Text;

namespace Darkroom.Models.Catalog;

/// <summary>
/// The files of a model folder that decide what its pictures look like. <c>darkroom.json</c> is not among them: its values are in each request by then.
/// </summary>
public static class ModelFiles
{
    /// <summary>Parts that have a graph.</summary>
    internal static readonly IReadOnlyList<string> Graphs = ["text_encoder", "unet", "vae_decoder", "vae_encoder"];

    private static readonly IReadOnlyList<string> Plain =
    [
        PipelineIndex.Name, SamplerFile.Name, "vae/config.json",
        .. Graphs.Select(part => $"{part}/config.json"),
        .. ((string[])[ClipVocabularyFiles.Vocabulary, ClipVocabularyFiles.MergeList, ClipVocabularyFiles.Whole, ClipVocabularyFiles.Config,
            ClipVocabularyFiles.SpecialTokens]).Select(file => "tokenizer/" + file),
    ];

    /// <summary>Those that exist, as paths relative to the folder with <c>/</c>, in ordinal order.</summary>
    public static IReadOnlyList<string> Of(string folder)
    {
        var graphs = Graphs.SelectMany(part => GraphFile.Read(folder, part, new FaultList(), required: false)?.Files ?? []);
        return [.. Plain.Concat(graphs).Where(file => File.Exists(Path.Combine(folder, file))).Distinct().Order(StringComparer.Ordinal)];
    }
}
