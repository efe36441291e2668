using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.Flux;

/// <summary>A FLUX model on a device. T5's states are <c>encoder_hidden_states</c>, CLIP's vector for the whole text is <c>pooled_projections</c>.</summary>
internal sealed class FluxModel(
    ModelDescription description, string contentHash, ClipTokenizer clip, T5Tokenizer t5, UNetParts parts, ConditioningCache cache) : IDiffusionModel
{
    public const string Guidance = "guidance";

    private const string HiddenStates = "encoder_hidden_states", Pooled = "pooled_projections";

    private readonly PromptChunker chunker = new(clip);

    public ModelDescription Description { get; } = description;

    public string ContentHash { get; } = contentHash;

    public IReadOnlyList<ITextEncoder> TextEncoders => parts.TextEncoders;

    public IDenoiser Denoiser => parts.Denoiser;

    public ILatentEncoder? Encoder => parts.Encoder;

    public ILatentDecoder Decoder => parts.Decoder;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IEnumerable<IModelPart> Parts => parts.All;

    public ILatentPreview? Preview { get; init; }

    /// <summary>CLIP's vector is that of the text's first chunk, whose end T5 reads; an empty second text is none.</summary>
    public IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading) => [.. texts.Select(text =>
    {
        string first = text.Text ?? "", second = string.IsNullOrEmpty(text.Second) ? first : text.Second;
        int length = text.MaxTokens ?? Description.TextTokens!.Value;
        // Weights change a text's states, of which this encoder gives none.
        var pooled = chunker.Limit(reading == TextReading.Weighted ? chunker.Cut(first) : clip.Cut(first), 1) with { Weights = null };
        var states = t5.Cut(second, length, reading);
        return new TokenizedText([pooled, states]) { Dropped = states.Dropped, DroppedAfter = length };
    })];

    public Conditioning? FindConditioning(TokenizedText text) => cache.Find(text);

    public Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded)
    {
        var (clipped, states) = (encoded[0], encoded[1]);
        if (clipped.Pooled is not { } pooled) throw new GraphException($"{TextEncoders[0].Name} has no output pooler_output");
        var result = new Conditioning([new NamedTensor(HiddenStates, states.Shape, states.Values), new NamedTensor(Pooled, [pooled.Length], pooled)]);
        cache.Add(text, result);
        return result;
    }

    public Conditioning ForRow(Conditioning text, RowConditions row) => Description.Capabilities.IgnoresGuidance
        ? text
        : new([.. text.Tensors, new NamedTensor(Guidance, [], [(float)row.GuidanceScale])]);

    public ModelVariant With(IReadOnlyList<LoraChoice> loras, WrapAxes axes = WrapAxes.None, Observation? observed = null) =>
        parts.Vary(new(loras, axes, observed), own =>
        new FluxModel(Description, ContentHash, clip, t5, own, cache.For(own.TextVariant)) { Preview = Preview, Warnings = own.Warnings });

    public void Dispose()
    {
        parts.Dispose();
        Preview?.Dispose();
    }
}
