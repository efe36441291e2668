using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Fields;
using Darkroom.Models.Text;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The textual inversions that a request's texts name.</summary>
/// <param name="Orders">In the order in which they are first named; null: the model takes none.</param>
/// <param name="Tokens">See <see cref="GenerationRequest.EmbeddingTokens"/>.</param>
internal sealed record EmbeddingRules(IReadOnlyList<EmbeddingOrder>? Orders, int Tokens)
{
    /// <param name="prompts">The prompts without tags.</param>
    /// <param name="steps">Steps of the request, which its prompts may count.</param>
    /// <param name="hires">A second pass, whose prompts are read too; null: there is none.</param>
    public static EmbeddingRules Of(
        FieldValues values, ModelDescription model, LoraRules prompts, int steps, IEmbeddingDirectory directory, FaultList faults, List<string> warnings,
        HiresOrder? hires = null)
    {
        var known = directory.All;
        if (values.TryGet(Fields.Embeddings, out var picks)) known = Chosen(picks!, model, known, faults, warnings);
        var reader = new Reader(known, model, faults, warnings);
        if (!reader.IsEmpty)
        {
            bool weighted = values.Resolve(Fields.PromptStyle, model) == PromptStyle.Weighted;
            string? negative = values.Resolve(Fields.NegativePrompt, model);
            reader.Read(Fields.Prompt, weighted ? PromptPlan.Weighted(prompts.Prompt, "", steps, guided: false).Texts : [prompts.Prompt], weighted);
            if (negative is not null) reader.Read(Fields.NegativePrompt, weighted ? PromptPlan.Weighted("", negative, steps).Texts : [negative], weighted);
            if (hires?.Prompt is { } more) reader.Read(Fields.Hires, TextsOf(more, "", hires, steps, weighted), weighted);
            if (hires?.NegativePrompt is { } less) reader.Read(Fields.Hires, TextsOf("", less, hires, steps, weighted), weighted);
            if (prompts.Prompt2 is { } second) reader.Read(Fields.Prompt2, [second], weighted);
            if (values.Resolve(Fields.NegativePrompt2, model) is { } negativeSecond) reader.Read(Fields.NegativePrompt2, [negativeSecond], weighted);
        }
        if (!model.Capabilities.ExtraFields.Contains(Fields.Embeddings.Name)) return new(null, 0);
        if (reader.Used.Count > EmbeddingsType.MaxCount)
            faults.Add(Fields.Prompt, $"The prompts name {reader.Used.Count} textual inversions; at most {EmbeddingsType.MaxCount} are read.", null);
        return new([.. reader.Used.Select(one => new EmbeddingOrder(one.Id, one.Hash))], reader.Tokens);
    }

    private static IReadOnlyList<string> TextsOf(string prompt, string negative, HiresOrder hires, int steps, bool weighted) => weighted
        ? PromptPlan.Weighted(prompt, negative, Math.Max(1, hires.Run.Run), guided: negative.Length > 0, steps).Texts
        : [prompt + negative];

    /// <summary>Those that the request lists.</summary>
    private static IReadOnlyList<EmbeddingDescription> Chosen(
        IReadOnlyList<EmbeddingPick> picks, ModelDescription model, IReadOnlyList<EmbeddingDescription> known, FaultList faults, List<string> warnings)
    {
        var chosen = new List<EmbeddingDescription>();
        foreach (var (index, pick) in picks.Index())
        {
            var found = known.FirstOrDefault(one => one.Id == pick.Id);
            if (found is null)
                Refuse($"There is no textual inversion '{GivenValue.Shorten(pick.Id)}'.{Suggestion.Sentence(pick.Id, known.Select(one => one.Id))}",
                    known.Count == 0 ? "this server has no textual inversions" : "one of GET /v1/embeddings");
            else if (found.MisfitOf(model) is { } reason) Refuse($"Textual inversion '{pick.Id}' cannot be used: {reason}.", null);
            else if (!chosen.Contains(found)) chosen.Add(found);
            if (pick.Hash is { } wanted && found?.Hash is { } hash && !string.Equals(wanted, hash, StringComparison.OrdinalIgnoreCase))
                warnings.Add($"embedding '{pick.Id}': its file has changed since, and the picture may differ with it");

            void Refuse(string sentence, string? limit) =>
                faults.Add(new Fault($"{Fields.Embeddings.Name}.{index}.id", sentence, GivenValue.Shorten(pick.Id), limit));
        }
        return chosen;
    }

    /// <summary>
    /// Finds names in texts. What a word names but cannot be used stays a word, as in A1111; in brackets nothing else can have been meant.
    /// </summary>
    private sealed class Reader
    {
        private readonly NamesInText<EmbeddingDescription> usable;
        private readonly NamesInText<Unusable> others;
        private readonly FaultList faults;
        private readonly List<string> warnings;
        private readonly HashSet<(string Field, string Id)> told = [];

        public Reader(IReadOnlyList<EmbeddingDescription> known, ModelDescription model, FaultList faults, List<string> warnings)
        {
            (this.faults, this.warnings) = (faults, warnings);
            var fitting = known.Select(one => (One: one, Reason: one.MisfitOf(model))).ToArray();
            usable = new(fitting.Where(one => one.Reason is null).Select(one => (one.One.Names, one.One)));
            others = new(fitting.Where(one => one.Reason is not null).Select(one => (one.One.Names, new Unusable(one.One.Id, one.Reason!))));
        }

        public bool IsEmpty => usable.IsEmpty && others.IsEmpty;

        public List<EmbeddingDescription> Used { get; } = [];

        public int Tokens { get; private set; }

        public void Read(Field field, IReadOnlyList<string> texts, bool weighted)
        {
            foreach (string text in texts)
            {
                int tokens = 0;
                var pieces = weighted ? PromptAttention.Parse(text).Where(piece => !piece.IsBreak).Select(piece => piece.Text) : [text];
                foreach (var part in pieces.SelectMany(usable.Split))
                {
                    if (part.Named is { } named)
                    {
                        if (!Used.Contains(named)) Used.Add(named);
                        tokens += 2 * named.Vectors; // a chunk that has no room for them loses fewer than as many
                        continue;
                    }
                    foreach (var word in others.Split(part.Text))
                        if (word.Named is { } unusable) Tell(field, unusable, word.IsBracketed);
                }
                Tokens = Math.Max(Tokens, tokens);
            }
        }

        private void Tell(Field field, Unusable found, bool isBracketed)
        {
            if (!told.Add((isBracketed ? field.Name : "", found.Id))) return;
            if (isBracketed) faults.Add(new Fault(field.Name, $"Textual inversion '{found.Id}' cannot be used: {found.Reason}."));
            else warnings.Add($"embedding '{found.Id}' is read as words: {found.Reason}");
        }

        private sealed record Unusable(string Id, string Reason);
    }
}
