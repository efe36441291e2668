using Darkroom.Engine.Jobs;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The autoencoder of a request, as far as it is there and fits its model and its task.</summary>
internal static class VaeRules
{
    /// <summary>What the engine is asked; null: the model's own.</summary>
    public static VaeOrder? Of(
        FieldValues values, ModelDescription model, GenerationTask task, PicturePlan? plan, IAutoencoderDirectory? autoencoders, FaultList faults,
        List<string> warnings)
    {
        // Given to a model that has no use for it, it is refused as any such field.
        if (!model.Capabilities.ExtraFields.Contains(Fields.Vae.Name)) return null;
        var hasHash = values.TryGet(Fields.VaeHash, out var wanted);
        if (values.Resolve(Fields.Vae, model) is not { } id)
        {
            if (hasHash) warnings.Add("vae_hash was left out: no vae is asked for");
            return null;
        }
        var found = autoencoders?.Find(id);
        if (Refusal(id, found, model, task, plan, autoencoders) is var (sentence, limit))
        {
            if (!values.IsGiven(Fields.Vae)) sentence += $" It is the default of model '{model.Id}'.";
            faults.Add(Fields.Vae, sentence, values.JsonOf(Fields.Vae), limit);
            return null;
        }
        var hash = autoencoders!.HashOf(id);
        if (hasHash && hash is not null && !string.Equals(wanted, hash, StringComparison.OrdinalIgnoreCase))
            warnings.Add($"vae '{id}': it has changed since, and the picture may differ with it");
        return new(id, hash);
    }

    private static (string Sentence, string? Limit)? Refusal(
        string id, AutoencoderDescription? found, ModelDescription model, GenerationTask task, PicturePlan? plan, IAutoencoderDirectory? autoencoders)
    {
        if (found is null)
        {
            string[] known = [.. autoencoders?.All.Select(one => one.Id) ?? []];
            return ($"There is no autoencoder '{GivenValue.Shorten(id)}'.{Suggestion.Sentence(id, known)}",
                known.Length == 0 ? "this server has none beside its models" : "one of GET /v1/vaes");
        }
        if (found.Fault is { } fault) return ($"Autoencoder '{id}' cannot be used: {fault}.", null);
        if (found.MisfitOf(model) is { } reason) return ($"Autoencoder '{id}' is for another kind of model: {reason}.", "an autoencoder for this model");
        if (task != GenerationTask.Txt2img && !found.Encodes)
            return ($"Autoencoder '{id}' has no encoder, which {WireNames.Of(task)} needs.", "an autoencoder with an encoder");
        if (found.FixedSize is { } only && plan is not null
            && (Math.Min(plan.Width, model.MaxSize), Math.Min(plan.Height, model.MaxSize)) != (only.Width, only.Height))
            return ($"Autoencoder '{id}' takes {only.Width} x {only.Height} pixels alone.", $"with width {only.Width} and height {only.Height}");
        return null;
    }
}
