using System.Globalization;
using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>
/// What a row reads: its plan of prompts, each different text once as tokens, and what the encoders made of it. All texts of a row are equally long, so that
/// its lanes share a call at every step. Texts are encoded by chunks, of which a call takes as many as others can wait for; equal chunks are encoded once.
/// </summary>
internal sealed class RowTexts
{
    private readonly int[] positives, negatives; // the entry of a text of the plan: as a part of the prompt, and as the negative prompt
    private readonly TextChunk[][] chunks; // by encoder
    private readonly TextJoin[]?[] joins; // by entry and encoder; null once it has its conditioning
    private readonly Conditioning?[] texts; // by entry, without what depends on the row
    private readonly Conditioning?[] forPositive, forNegative; // with it

    private readonly RowConditions conditions;
    private readonly int?[] classes; // that an entry stands for, where it is no text
    private readonly TaskCompletionSource encoded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left; // entries without a conditioning
    private RowMemory? encodes; // the row that does

    private RowTexts(
        PromptPlan plan, IReadOnlyList<TokenizedText> entries, int[] positives, int[] negatives, RowConditions conditions, int?[] classes, int encoders)
    {
        (Plan, Entries, this.positives, this.negatives, this.conditions, this.classes) = (plan, entries, positives, negatives, conditions, classes);
        chunks = [.. Enumerable.Range(0, encoders).Select(encoder => TextChunk.Of(entries, encoder))];
        joins = [.. entries.Select(entry => entry.Encoders.Select(text => new TextJoin(text)).ToArray())];
        (texts, forPositive, forNegative) = (new Conditioning?[entries.Count], new Conditioning?[entries.Count], new Conditioning?[entries.Count]);
        left = entries.Count;
    }

    public PromptPlan Plan { get; }

    public IReadOnlyList<TokenizedText> Entries { get; }

    /// <summary>Whether every entry has its conditioning.</summary>
    public bool AreEncoded => left == 0;

    /// <summary>Lanes of guidance: the negative prompt first, where one is read, then the parts of the prompt.</summary>
    public int Lanes => Plan.Lanes + Unshown;

    /// <summary>Lanes that read the negative prompt; they come first.</summary>
    public int NegativeLanes => HasNegative ? 1 + Unshown : 0;

    /// <summary>Lanes before the others that are not shown the picture of an edit; they read what the negative prompt says.</summary>
    public int Unshown { get; private init; }

    public bool HasNegative => Plan.Ranges[0].Negative is not null;

    /// <summary>Reads a request's prompts with a model's tokenizers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">Its model.</param>
    /// <param name="width">Pixels that are denoised.</param>
    /// <param name="height">Pixels that are denoised.</param>
    /// <param name="embeddings">Textual inversions that the request's texts name; null: none.</param>
    public static RowTexts Of(
        GenerationRequest request, IDiffusionModel model, int width, int height, IReadOnlyList<PromptEmbedding>? embeddings = null)
    {
        var plan = RequestPrompts.PlanOf(request);
        // diffusers looks for the end of a text by its greatest id, and others do not.
        var named = embeddings is { Count: > 0 } ? new PromptEmbeddings(embeddings, request.Compatibility != Compatibility.Diffusers) : null;
        // A1111 and ComfyUI call the network for each length alone, unless parts of a prompt or alternatives of a step are put together.
        bool keepsLength = request.Compatibility != Compatibility.Diffusers && !plan.IsComposed && plan.Ranges.Count == 1;
        var entries = new List<PromptText>();
        int[] positives = new int[plan.Texts.Count], negatives = new int[plan.Texts.Count];
        var read = plan.Ranges.SelectMany(range => range.Parts.Select(part => part.Text)).ToHashSet();
        var denied = plan.Ranges.Select(range => range.Negative).OfType<int>().ToHashSet();
        for (int text = 0; text < plan.Texts.Count; text++)
        {
            if (read.Contains(text))
                positives[text] = EntryOf(new PromptText(plan.Texts[text])
                {
                    Second = request.Prompt2,
                    MaxTokens = request.MaxTextTokens,
                    Embeddings = named,
                    KeepsLength = keepsLength,
                    ClipSkip = request.ClipSkip,
                });
            if (denied.Contains(text))
                negatives[text] = EntryOf(new PromptText(request.NegativePrompt is null ? null : plan.Texts[text])
                {
                    Second = request.NegativePrompt2,
                    MaxTokens = request.MaxTextTokens,
                    Embeddings = named,
                    KeepsLength = keepsLength,
                    // diffusers leaves layers out for the prompt alone, others for the negative prompt too.
                    ClipSkip = request.Compatibility == Compatibility.Diffusers ? 0 : request.ClipSkip,
                });
        }
        var reading = request.PromptStyle switch
        {
            PromptStyle.Weighted => TextReading.Weighted,
            PromptStyle.Comfyui => TextReading.Comfyui,
            _ => TextReading.Plain,
        };
        int?[] classes = [.. entries.Select(entry => request.Classify is { AreClasses: true } ? int.Parse(entry.Text!, CultureInfo.InvariantCulture)
            : request.ClassLabel)];
        return new RowTexts(
            plan, model.Tokenize(entries, reading), positives, negatives, ConditionsOf(request, width, height), classes, model.TextEncoders.Count)
        {
            Unshown = request.Edit is { ShowsPicture: true } && plan.Ranges[0].Negative is not null ? 1 : 0,
        };

        int EntryOf(PromptText text)
        {
            int index = entries.IndexOf(text);
            if (index >= 0) return index;
            entries.Add(text);
            return entries.Count - 1;
        }
    }

    /// <summary>The chunks that an encoder is asked for.</summary>
    public IReadOnlyList<TextChunk> ChunksOf(int encoder) => chunks[encoder];

    /// <summary>Whether a chunk's answer is still needed.</summary>
    public bool Needs(TextChunk chunk)
    {
        if (chunk.IsMade) return false;
        foreach (var (entry, _) in chunk.Places)
            if (texts[entry] is null) return true;
        return false;
    }

    /// <summary>Whether a chunk's answer is still needed when the model was asked for the texts that it begins: others may have had them encoded.</summary>
    public bool StillNeeds(TextChunk chunk, IDiffusionModel model)
    {
        foreach (var (entry, place) in chunk.Places)
            if (place == 0 && !chunk.IsMade) FindKept(model, entry);
        return Needs(chunk);
    }

    /// <summary>
    /// Has a row encode the texts, unless another row of the job does: then the task that ends when it has. Where that row leaves early its job has ended.
    /// </summary>
    public Task? EncodeBy(RowMemory row)
    {
        for (int entry = 0; entry < texts.Length; entry++) FindKept(row.Model, entry);
        if (AreEncoded) return null;
        encodes ??= row;
        return encodes == row ? null : encoded.Task;
    }

    /// <summary>Takes what an encoder made of a chunk; an entry that has all of its chunks gets its conditioning.</summary>
    public void Accept(TextChunk chunk, int encoder, EncodedText made, IDiffusionModel model)
    {
        chunk.IsMade = true;
        foreach (var (entry, place) in chunk.Places)
        {
            if (joins[entry] is not { } parts) continue;
            parts[encoder].Add(place, made);
            if (Array.TrueForAll(parts, static part => part.IsComplete))
                Set(model, entry, model.Condition(Entries[entry], Array.ConvertAll(parts, static part => part.Result)));
        }
    }

    /// <summary>Gives every lane what it reads at a step.</summary>
    public void Assign(Lane[] lanes, int step)
    {
        var now = Plan.At(step);
        int first = 0;
        if (now.Negative is { } negative)
            for (int lane = 0; lane <= Unshown; lane++) lanes[first++].Conditioning = forNegative[negatives[negative]];
        for (int part = 0; part < now.Parts.Count; part++)
        {
            lanes[first + part].Conditioning = forPositive[positives[now.Parts[part].Text]];
            lanes[first + part].Weight = now.Parts[part].Weight;
        }
    }

    /// <summary>What the lanes read at a step, the negative prompt first.</summary>
    public IReadOnlyList<TokenizedText> ReadAt(int step)
    {
        var now = Plan.At(step);
        TokenizedText[] negative = now.Negative is { } text ? [Entries[negatives[text]]] : [];
        return [.. negative, .. now.Parts.Select(part => Entries[positives[part.Text]])];
    }

    private void FindKept(IDiffusionModel model, int entry)
    {
        if (texts[entry] is null && model.FindConditioning(Entries[entry]) is { } kept) Set(model, entry, kept);
    }

    private void Set(IDiffusionModel model, int entry, Conditioning text)
    {
        texts[entry] = text;
        joins[entry] = null;
        forPositive[entry] = model.ForRow(text, conditions with { ClassLabel = classes[entry] });
        forNegative[entry] = model.ForRow(text, conditions with { IsNegative = true });
        if (--left == 0) encoded.SetResult();
    }

    private static RowConditions ConditionsOf(GenerationRequest request, int width, int height) => new()
    {
        Width = width,
        Height = height,
        GuidanceScale = request.GuidanceScale,
        HasPicture = request.Edit is not null,
        OriginalSize = SizeOf(request.OriginalSize),
        TargetSize = SizeOf(request.TargetSize),
        NegativeOriginalSize = SizeOf(request.NegativeOriginalSize),
        NegativeTargetSize = SizeOf(request.NegativeTargetSize),
        Crop = SizeOf(request.Crop),
        NegativeCrop = SizeOf(request.NegativeCrop),
    };

    private static (int, int)? SizeOf(PixelPair? pair) => pair is { } given ? (given.X, given.Y) : null;
}
