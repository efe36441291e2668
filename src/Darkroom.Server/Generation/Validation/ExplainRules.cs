using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The words of a request's prompt whose place in the picture is asked for.</summary>
internal static class ExplainRules
{
    /// <returns>Null: none are.</returns>
    public static IReadOnlyList<string>? Of(
        FieldValues values, ModelDescription model, string prompt, PictureEdit? change, FaultList faults, List<string> warnings)
    {
        if (!values.TryGet(Fields.Explain, out var asked) || asked is not { } choice || (!choice.All && choice.Words.Count == 0)
            || !model.Capabilities.ExtraFields.Contains(Fields.Explain.Name))
            return null;
        if (change is { Mask.OnlyMasked: true })
            faults.Add(Fields.Explain, "A region that is worked on alone is no place of its picture.", values.JsonOf(Fields.Explain), "with area whole");
        var words = ExplainedWords.Of(prompt, values.Resolve(Fields.PromptStyle, model));
        if (!choice.All)
        {
            foreach (string word in choice.Words.Where(word => !PromptWords.Have(words, word)))
                faults.Add(Fields.Explain, $"'{word}' is not in the prompt, which has {Names(words)}.", values.JsonOf(Fields.Explain), "words of the prompt");
            return [.. choice.Words.Distinct(StringComparer.OrdinalIgnoreCase)];
        }
        string[] all = [.. words.Distinct(StringComparer.Ordinal)];
        if (all.Length == 0) faults.Add(Fields.Explain, "The prompt has no words.", values.JsonOf(Fields.Explain), "a prompt with words");
        if (all.Length > WordsType.MaxCount)
            warnings.Add($"explain: the first {WordsType.MaxCount} of the prompt's {all.Length} words are shown");
        return [.. all.Take(WordsType.MaxCount)];
    }

    private static string Names(IReadOnlyList<string> words) => words.Count == 0 ? "no words" : $"'{string.Join("', '", words.Distinct().Take(12))}'";
}
