using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Execution;

/// <summary>
/// What a row reads: its plan of prompts, each different text once as tokens, and what the encoder made of it. All texts of a row are padded to one
/// length, so that its lanes share a call at every step.
/// </summary>
internal sealed class RowTexts
{
    private readonly int[] negatives; // where a text of the plan stands when the negative prompt reads it

    private RowTexts(PromptPlan plan, TokenizedText[] entries, int[] negatives)
    {
        Plan = plan;
        Entries = entries;
        this.negatives = negatives;
        Conditionings = new Conditioning?[entries.Length];
        Signatures = [.. entries.Select(entry => string.Join(", ", entry.Encoders.Select(text => text.Signature)))];
    }

    public PromptPlan Plan { get; }

    public IReadOnlyList<TokenizedText> Entries { get; }

    /// <summary>What the encoder made of each entry; null until it did.</summary>
    public Conditioning?[] Conditionings { get; }

    /// <summary>Entries share a call of the encoder where these are equal.</summary>
    public IReadOnlyList<string> Signatures { get; }

    /// <summary>Lanes of guidance: the negative prompt first, where one is read, then the parts of the prompt.</summary>
    public int Lanes => Plan.Lanes;

    public bool HasNegative => Plan.Ranges[0].Negative is not null;

    /// <summary>What a request's prompts say at each step.</summary>
    public static PromptPlan PlanOf(GenerationRequest request) => request.PromptStyle == PromptStyle.Weighted
        ? PromptPlan.Weighted(request.Prompt, request.NegativePrompt ?? "", request.Steps, request.IsGuided)
        : PromptPlan.Plain(request.Prompt, request.IsGuided ? request.NegativePrompt ?? "" : null, request.Steps);

    /// <summary>What its lanes are given beside the texts.</summary>
    private Func<Conditioning, bool, Conditioning> forRow = static (text, _) => text;

    public static RowTexts Of(GenerationRequest request, IDiffusionModel model)
    {
        var plan = PlanOf(request);
        var reading = request.PromptStyle == PromptStyle.Weighted ? TextReading.Weighted : TextReading.Plain;
        var texts = plan.Texts.Select(text => new PromptText(text) { Second = request.Prompt2, ClipSkip = request.ClipSkip }).ToList();
        // The negative prompt reads texts of its own where it has a second text, or is absent.
        if (request.IsGuided && plan.Ranges[0].Negative is { } only
            && (request.NegativePrompt is null || request.NegativePrompt2 is not null || request.Prompt2 is not null)
            && !plan.Ranges.Any(range => range.Parts.Any(part => part.Text == only)))
            texts[only] = texts[only] with { Text = request.NegativePrompt, Second = request.NegativePrompt2 };

        int[] negatives = [.. Enumerable.Range(0, texts.Count)];
        // diffusers leaves layers out for the prompt alone, others for the negative prompt too.
        if (request.ClipSkip > 0 && request.Compatibility == Compatibility.Diffusers)
            foreach (int negative in plan.Ranges.Select(range => range.Negative).OfType<int>().Distinct())
            {
                var whole = texts[negative] with { ClipSkip = 0 };
                if (plan.Ranges.Any(range => range.Parts.Any(part => part.Text == negative)))
                {
                    negatives[negative] = texts.Count;
                    texts.Add(whole);
                }
                else
                {
                    texts[negative] = whole;
                }
            }
        return new RowTexts(plan, [.. model.Tokenize(texts, reading)], negatives)
        {
            forRow = (text, negative) => model.ForRow(text, new RowConditions
            {
                Width = request.Width,
                Height = request.Height,
                IsNegative = negative,
                HasPicture = request.Edit is not null,
                OriginalSize = Pair(request.OriginalSize),
                TargetSize = Pair(request.TargetSize),
                Crop = Pair(request.Crop),
                NegativeOriginalSize = Pair(request.NegativeOriginalSize),
                NegativeTargetSize = Pair(request.NegativeTargetSize),
                NegativeCrop = Pair(request.NegativeCrop),
            }),
        };

        static (int, int)? Pair(PixelPair? pair) => pair is { } given ? (given.X, given.Y) : null;
    }

    /// <summary>Gives every lane what it reads at a step.</summary>
    public void Assign(Lane[] lanes, int step)
    {
        var now = Plan.At(step);
        int first = 0;
        if (now.Negative is { } negative) lanes[first++].Conditioning = forRow(Conditionings[negatives[negative]]!, true);
        for (int part = 0; part < now.Parts.Count; part++)
        {
            lanes[first + part].Conditioning = forRow(Conditionings[now.Parts[part].Text]!, false);
            lanes[first + part].Weight = now.Parts[part].Weight;
        }
    }

    /// <summary>What the lanes read at a step, the negative prompt first.</summary>
    public IReadOnlyList<TokenizedText> ReadAt(int step)
    {
        var now = Plan.At(step);
        TokenizedText[] negative = now.Negative is { } text ? [Entries[negatives[text]]] : [];
        return [.. negative, .. now.Parts.Select(part => Entries[part.Text])];
    }
}
