using System.Globalization;
using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Loras;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The LoRAs of a request: those of its field, then those of its prompts' tags, which are no part of the text.</summary>
/// <param name="Orders">In the order in which they are merged; null: none.</param>
/// <param name="Prompt">Without tags.</param>
/// <param name="Prompt2">Without tags.</param>
internal sealed record LoraRules(IReadOnlyList<LoraOrder>? Orders, string Prompt, string? Prompt2)
{
    public static LoraRules Of(FieldValues values, ModelDescription model, ILoraDirectory loras, FaultList faults, List<string> warnings)
    {
        string prompt = values.Resolve(Fields.Prompt, model) ?? "";
        string? prompt2 = values.Resolve(Fields.Prompt2, model);
        var picks = new List<(Field Field, string Name, LoraPick Pick)>(); // the name that a fault has
        if (values.TryGet(Fields.Loras, out var given)) picks.AddRange(given!.Select((pick, i) => ((Field)Fields.Loras, $"{Fields.Loras.Name}.{i}.id", pick)));
        if (values.Resolve(Fields.PromptStyle, model) == PromptStyle.Weighted)
        {
            prompt = Take(Fields.Prompt, prompt, picks, faults);
            if (prompt2 is not null) prompt2 = Take(Fields.Prompt2, prompt2, picks, faults);
        }
        if (picks.Count == 0) return new(null, prompt, prompt2);
        if (picks.Count > LoraType.MaxCount)
            faults.Add(Fields.Loras, $"{picks.Count} LoRAs are asked for, tags of the prompt included; at most {LoraType.MaxCount} are merged.", null);
        if (!model.Capabilities.Lora)
        {
            // Given by the field it is refused as any field that the model has no use for.
            if (picks.Find(pick => pick.Field != Fields.Loras) is { Field: { } field })
                faults.Add(field, $"No LoRA can be merged into model '{model.Id}'{(model.Capabilities.LoraReason is { } reason ? $": {reason}" : "")}.", null);
            return new(null, prompt, prompt2);
        }
        return new([.. picks.Select(pick => Order(pick.Field, pick.Name, pick.Pick, model, loras, faults, warnings))], prompt, prompt2);
    }

    private static LoraOrder Order(
        Field field, string name, LoraPick pick, ModelDescription model, ILoraDirectory loras, FaultList faults, List<string> warnings)
    {
        var found = loras.Find(pick.Id);
        if (found is null)
        {
            string[] known = [.. loras.All.Select(one => one.Id)];
            Refuse($"There is no LoRA '{GivenValue.Shorten(pick.Id)}'.{Suggestion.Sentence(pick.Id, known)}",
                known.Length == 0 ? "this server has no LoRAs" : "one of GET /v1/loras");
        }
        else if (found.Fault is { } fault) Refuse($"LoRA '{pick.Id}' cannot be used: {fault}.", null);
        else if (LoraFit.Misfit(found, model) is { } reason) Refuse($"LoRA '{pick.Id}' is for another kind of model: {reason}.", "a LoRA for this model");
        string? hash = found is { Fault: null } ? loras.HashOf(pick.Id) : null;
        if (pick.Hash is { } wanted && hash is not null && !string.Equals(wanted, hash, StringComparison.OrdinalIgnoreCase))
            warnings.Add($"lora '{pick.Id}': its file has changed since, and the picture may differ with it");
        return new(pick.Id, pick.Weight, pick.TextWeight == pick.Weight ? null : pick.TextWeight, hash);

        void Refuse(string sentence, string? limit) => faults.Add(new Fault(name, sentence, field.IsPrivate ? null : GivenValue.Shorten(pick.Id), limit));
    }

    private static string Take(TextField field, string text, List<(Field, string, LoraPick)> picks, FaultList faults)
    {
        string rest = ExtraNetwork.Take(text, out var tags);
        foreach (var tag in tags)
        {
            if (tag.Kind == "hypernet") faults.Add(new Fault(field.Name, "Tags such as <hypernet:name:weight> are not supported yet.") { NotBuiltYet = true });
            else if (Parse(tag) is { } pick) picks.Add((field, field.Name, pick));
            else faults.Add(new Fault(field.Name, $"{field.Name} has a tag for a LoRA whose weight is none.", null, "<lora:id:weight>, −4…4"));
        }
        return rest;
    }

    /// <summary>As A1111: a name, the text encoders' weight, the denoiser's, which is the first where it is absent; or both by name.</summary>
    private static LoraPick? Parse(ExtraNetwork tag)
    {
        string[] words = tag.Arguments.Split(':');
        double? text = null, denoiser = null;
        int position = 0;
        foreach (string word in words.Skip(1))
        {
            var (name, value) = word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (word[..at].Trim(), word[(at + 1)..]) : ("", word);
            if (name is not ("" or "te" or "unet")) continue;
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)) return null;
            if (!(Math.Abs(weight) <= LoraType.MaxWeight)) return null;
            if (name == "te" || (name == "" && position == 0)) text = weight;
            else if (name == "unet" || position == 1) denoiser = weight;
            if (name == "") position++;
        }
        double first = text ?? 1;
        return new(words[0].Trim(), denoiser ?? first, denoiser is { } other && other != first ? first : null);
    }
}
