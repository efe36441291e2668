using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Text;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>A tokenizer's folder, looked at from outside: its vocabulary is read when the model is loaded.</summary>
/// <param name="MaxLength">Tokens of a prompt; null where the files do not say.</param>
internal sealed record TokenizerConfig(int? MaxLength)
{
    public static TokenizerConfig Read(string root, string part, FaultList faults)
    {
        string folder = Path.Combine(root, part);
        bool whole = !Path.Exists(Path.Combine(folder, ClipVocabularyFiles.Vocabulary)) && Path.Exists(Path.Combine(folder, ClipVocabularyFiles.Whole));
        string[] files = PublishedConfigs.Contains(folder) ? [] // theirs ships with the program
            : whole ? [ClipVocabularyFiles.Whole] : [ClipVocabularyFiles.Vocabulary, ClipVocabularyFiles.MergeList];
        foreach (string file in files)
            if (FileFault.Of(Path.Combine(folder, file)) is { } fault)
                faults.Add($"{part}/" + file, fault);
        JsonFile.Read(root, $"{part}/" + ClipVocabularyFiles.SpecialTokens, faults, required: false);
        var config = JsonFile.Read(root, $"{part}/" + ClipVocabularyFiles.Config, faults, required: false);
        if (config?.Find("model_max_length") is not null) config.Number("model_max_length", 3);
        return new(ClipVocabularyFiles.MaxLength(config));
    }

    /// <summary>Adds a fault where T5's tokenizer is not there: one of two files will do.</summary>
    public static void CheckT5(ModelPlace place, string part, FaultList faults)
    {
        if (place.IsPublished)
        {
            faults.Add(Path.GetFileName(place.Path), $"has T5, whose tokenizer does not ship: {place.CardName} beside it can name a folder with diffusers' "
                + "configurations and tokenizers: { \"config\": \"folder\" }");
            return;
        }
        string root = place.Root, folder = Path.Combine(root, part);
        bool model = !Path.Exists(Path.Combine(folder, T5VocabularyFiles.Whole)) && Path.Exists(Path.Combine(folder, T5VocabularyFiles.Model));
        string file = model ? T5VocabularyFiles.Model : T5VocabularyFiles.Whole;
        if (FileFault.Of(Path.Combine(folder, file)) is { } fault)
            faults.Add($"{part}/{file}", model || Path.Exists(Path.Combine(folder, file)) ? fault : $"{fault}, and {T5VocabularyFiles.Model} too");
        JsonFile.Read(root, $"{part}/" + ClipVocabularyFiles.Config, faults, required: false);
    }
}
