using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages;

/// <summary>
/// What a row reads: its plan of prompts, each different text once as tokens, and what the encoders made of it. All texts of a row are equally long, so that
/// its lanes share a call at every step.
/// </summary>
internal sealed class RowTexts
{
    private readonly int[] positives, negatives; // the entry of a text of the plan: as a part of the prompt, and as the negative prompt
    private readonly EncodedText?[][] encoded; // by entry and encoder
    private readonly Conditioning?[] texts; // by entry, without what depends on the row
    private readonly Conditioning?[] forPositive, forNegative; // with it

    private readonly RowConditions conditions;
    private int left; // entries without a conditioning

    private RowTexts(PromptPlan plan, IReadOnlyList<TokenizedText> entries, int[] positives, int[] negatives, RowConditions conditions, int encoders)
    {
        (Plan, Entries, this.positives, this.negatives, this.conditions) = (plan, entries, positives, negatives, conditions);
        encoded = [.. entries.Select(_ => new EncodedText?[encoders])];
        (texts, forPositive, forNegative) = (new Conditioning?[entries.Count], new Conditioning?[entries.Count], new Conditioning?[entries.Count]);
        left = entries.Count;
    }

    public PromptPlan Plan { get; }

    public IReadOnlyList<TokenizedText> Entries { get; }

    /// <summary>Whether every entry has its conditioning.</summary>
    public bool AreEncoded => left == 0;

    /// <summary>Lanes of guidance: the negative prompt first, where one is read, then the parts of the prompt.</summary>
    public int Lanes => Plan.Lanes;

    public bool HasNegative => Plan.Ranges[0].Negative is not null;

    /// <summary>Reads a request's prompts with a model's tokenizers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">Its model.</param>
    /// <param name="width">Pixels that are denoised.</param>
    /// <param name="height">Pixels that are denoised.</param>
    public static RowTexts Of(GenerationRequest request, IDiffusionModel model, int width, int height)
    {
        var plan = RequestPrompts.PlanOf(request);
        var entries = new List<PromptText>();
        int[] positives = new int[plan.Texts.Count], negatives = new int[plan.Texts.Count];
        var read = plan.Ranges.SelectMany(range => range.Parts.Select(part => part.Text)).ToHashSet();
        var denied = plan.Ranges.Select(range => range.Negative).OfType<int>().ToHashSet();
        for (int text = 0; text < plan.Texts.Count; text++)
        {
            if (read.Contains(text))
                positives[text] = EntryOf(new PromptText(plan.Texts[text]) { Second = request.Prompt2, ClipSkip = request.ClipSkip });
            if (denied.Contains(text))
                negatives[text] = EntryOf(new PromptText(request.NegativePrompt is null ? null : plan.Texts[text])
                {
                    Second = request.NegativePrompt2,
                    // diffusers leaves layers out for the prompt alone, others for the negative prompt too.
                    ClipSkip = request.Compatibility == Compatibility.Diffusers ? 0 : request.ClipSkip,
                });
        }
        var reading = request.PromptStyle == PromptStyle.Weighted ? TextReading.Weighted : TextReading.Plain;
        return new RowTexts(plan, model.Tokenize(entries, reading), positives, negatives, ConditionsOf(request, width, height), model.TextEncoders.Count);

        int EntryOf(PromptText text)
        {
            int index = entries.IndexOf(text);
            if (index >= 0) return index;
            entries.Add(text);
            return entries.Count - 1;
        }
    }

    /// <summary>Whether an entry has its conditioning.</summary>
    public bool IsEncoded(int entry) => texts[entry] is not null;

    /// <summary>Takes the conditionings that the model keeps.</summary>
    public void FindKept(IDiffusionModel model)
    {
        for (int entry = 0; entry < texts.Length; entry++) FindKept(model, entry);
    }

    /// <summary>Takes an entry's conditioning if the model keeps one.</summary>
    /// <returns>Whether the entry has one now.</returns>
    public bool FindKept(IDiffusionModel model, int entry)
    {
        if (texts[entry] is null && model.FindConditioning(Entries[entry]) is { } kept) Set(model, entry, kept);
        return texts[entry] is not null;
    }

    /// <summary>Takes what an encoder made of an entry; after the last encoder that becomes its conditioning.</summary>
    public void Accept(IDiffusionModel model, int entry, int encoder, EncodedText made)
    {
        encoded[entry][encoder] = made;
        if (Array.TrueForAll(encoded[entry], static one => one is not null)) Set(model, entry, model.Condition(Entries[entry], encoded[entry]!));
    }

    /// <summary>Gives every lane what it reads at a step.</summary>
    public void Assign(Lane[] lanes, int step)
    {
        var now = Plan.At(step);
        int first = 0;
        if (now.Negative is { } negative) lanes[first++].Conditioning = forNegative[negatives[negative]];
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

    private void Set(IDiffusionModel model, int entry, Conditioning text)
    {
        texts[entry] = text;
        forPositive[entry] = model.ForRow(text, conditions);
        forNegative[entry] = model.ForRow(text, conditions with { IsNegative = true });
        left--;
    }

    private static RowConditions ConditionsOf(GenerationRequest request, int width, int height) => new()
    {
        Width = width,
        Height = height,
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
