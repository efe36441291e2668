using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion3;

/// <summary>
/// A Stable Diffusion 3 model on a device. The text is the states of both CLIP encoders side by side, filled up with zeros to the width of T5's, and behind
/// them T5's; the vector is those of both CLIP encoders side by side, as in diffusers' pipelines.
/// </summary>
internal sealed class StableDiffusion3Model(
    ModelDescription description, string contentHash, IReadOnlyList<ClipTokenizer> clips, T5Tokenizer? t5, UNetParts parts, ConditioningCache cache)
    : IDiffusionModel
{
    /// <summary>The last layer of CLIP's encoders is never run: <c>hidden_states[-2]</c>.</summary>
    public const int UnusedTextLayers = 1;

    private const string HiddenStates = "encoder_hidden_states", Pooled = "pooled_projections";

    /// <summary>Tokens of zeros that stand for T5's where there is none: diffusers' default for its text.</summary>
    private const int AbsentTokens = 256;

    private readonly PromptChunker[] chunkers = [.. clips.Select(tokenizer => new PromptChunker(tokenizer))];

    public ModelDescription Description { get; } = description;

    public string ContentHash { get; } = contentHash;

    public IReadOnlyList<ITextEncoder> TextEncoders => parts.TextEncoders;

    public IDenoiser Denoiser => parts.Denoiser;

    public ILatentEncoder? Encoder => parts.Encoder;

    public ILatentDecoder Decoder => parts.Decoder;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IEnumerable<IModelPart> Parts => parts.All;

    public ILatentPreview? Preview { get; init; }

    /// <summary>An absent text is an empty one, and an empty second text is none: the later encoders then read the first.</summary>
    public IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading)
    {
        var first = texts.Select(text => Clip(0, text.Text ?? "", text.ClipSkip, reading)).ToArray();
        var second = texts.Select(text => Clip(1, SecondOf(text), text.ClipSkip, reading)).ToArray();
        int chunks = first.Concat(second).Max(text => text.Chunks);
        var (padded, paddedSecond) = (ChunkPadding.PadTo(chunks, first, Empty(0)), ChunkPadding.PadTo(chunks, second, Empty(1)));
        return [.. texts.Select((text, i) =>
        {
            if (t5 is null) return new TokenizedText([padded[i], paddedSecond[i]]) { Dropped = first[i].Dropped ?? second[i].Dropped };
            int length = text.MaxTokens ?? Description.TextTokens ?? AbsentTokens;
            var third = t5.Cut(SecondOf(text), length, reading);
            // What CLIP's encoders cut off is read by T5.
            return new TokenizedText([padded[i], paddedSecond[i], third]) { Dropped = third.Dropped, DroppedAfter = length };
        })];
    }

    public Conditioning? FindConditioning(TokenizedText text) => cache.Find(text);

    public Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded)
    {
        var (first, second, third) = (encoded[0], encoded[1], encoded.Count > 2 ? encoded[2] : null);
        int tokens = first.Shape[0], left = first.Shape[1], right = second.Shape[1];
        int width = parts.WidthOf(HiddenStates), behind = third?.Shape[0] ?? AbsentTokens;
        if (left + right > width || (third is not null && third.Shape[1] != width))
            throw new GraphException($"the text encoders give {left} + {right} and {third?.Shape[1]} channels where {width} are expected");
        var states = new float[(tokens + behind) * width]; // [n S + T, D]
        for (int token = 0; token < tokens; token++)
        {
            first.Values.AsSpan(token * left, left).CopyTo(states.AsSpan(token * width));
            second.Values.AsSpan(token * right, right).CopyTo(states.AsSpan(token * width + left));
        }
        third?.Values.CopyTo(states, tokens * width);
        float[] pooled = [.. PooledOf(0), .. PooledOf(1)];
        var result = new Conditioning([new NamedTensor(HiddenStates, [tokens + behind, width], states), new NamedTensor(Pooled, [pooled.Length], pooled)]);
        cache.Add(text, result);
        return result;

        float[] PooledOf(int encoder) => encoded[encoder].Pooled ?? throw new GraphException($"{TextEncoders[encoder].Name} has no output text_embeds");
    }

    public ModelVariant With(IReadOnlyList<LoraChoice> loras, WrapAxes axes = WrapAxes.None, Observation? observed = null) =>
        parts.Vary(new(loras, axes, observed), own =>
        new StableDiffusion3Model(Description, ContentHash, clips, t5, own, cache.For(own.TextVariant)) { Preview = Preview, Warnings = own.Warnings });

    public void Dispose()
    {
        parts.Dispose();
        Preview?.Dispose();
    }

    private static string SecondOf(PromptText text) => string.IsNullOrEmpty(text.Second) ? text.Text ?? "" : text.Second;

    private TextTokens Empty(int encoder) => Clip(encoder, "", 0, TextReading.Plain);

    private TextTokens Clip(int encoder, string text, int clipSkip, TextReading reading) =>
        (reading == TextReading.Weighted ? chunkers[encoder].Cut(text) : clips[encoder].Cut(text)) with { ClipSkip = clipSkip + UnusedTextLayers };
}
