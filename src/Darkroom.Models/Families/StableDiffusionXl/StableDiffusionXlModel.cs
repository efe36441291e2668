using Darkroom.Diffusion.Attention;
using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusionXl;

/// <summary>
/// A Stable Diffusion XL model on a device. Both encoders' hidden states side by side are <c>encoder_hidden_states</c>, the second one's vector for the
/// whole text is
/// <c>text_embeds</c>, and sizes are <c>time_ids</c>, as in diffusers' pipelines.
/// </summary>
internal sealed class StableDiffusionXlModel(
    ModelDescription description, string contentHash, IReadOnlyList<ClipTokenizer> tokenizers, UNetParts parts, ConditioningCache cache,
    ILatentPreview? preview) : IDiffusionModel
{
    /// <summary>The last layer is never run: <c>hidden_states[-2]</c>.</summary>
    public const int UnusedTextLayers = 1;

    private const string HiddenStates = "encoder_hidden_states", Pooled = "text_embeds", Sizes = "time_ids";

    private readonly PromptChunker[] chunkers = [.. tokenizers.Select(tokenizer => new PromptChunker(tokenizer))];

    private readonly ComfyChunker[] comfyChunkers = [.. tokenizers.Select(tokenizer => new ComfyChunker(tokenizer))];

    /// <summary>Whether an absent text is zeros; else it is an empty one.</summary>
    public bool AbsentIsZeros { get; init; } = true;

    public ModelDescription Description { get; } = description;

    public string ContentHash { get; } = contentHash;

    public IReadOnlyList<ITextEncoder> TextEncoders => parts.TextEncoders;

    public IDenoiser Denoiser => parts.Denoiser;

    public ILatentEncoder? Encoder => parts.Encoder;

    public ILatentDecoder Decoder => parts.Decoder;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IEnumerable<IModelPart> Parts => parts.All;

    public ILatentPreview? Preview => preview;

    /// <summary>An empty second text is none, as in diffusers' pipelines: the second encoder then reads the first text.</summary>
    public IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading)
    {
        var first = texts.Select(text => Tokens(0, text.Text ?? "", text, reading)).ToArray();
        var second = texts.Select(text => Tokens(1, string.IsNullOrEmpty(text.Second) ? text.Text ?? "" : text.Second, text, reading)).ToArray();
        // Their states stand side by side, token for token.
        int? only = Description.FixedTextTokens / Description.TokenLength;
        int longest = only ?? first.Concat(second).Max(text => text.Chunks);
        bool keepsLength = only is null && texts.All(text => text.KeepsLength);
        var (padded, paddedSecond) = (Padded(0, first, second), Padded(1, second, first));
        return [.. texts.Select((text, i) => new TokenizedText([padded[i], paddedSecond[i]])
        {
            IsAbsent = text.Text is null && AbsentIsZeros,
            Dropped = first[i].Dropped ?? second[i].Dropped,
        })];

        TextTokens[] Padded(int encoder, TextTokens[] own, TextTokens[] other) =>
        [
            .. own.Select((text, i) =>
                ChunkPadding.PadTo(keepsLength ? Math.Max(text.Chunks, other[i].Chunks) : longest, [text], Empty(encoder))[0]),
        ];
    }

    public Conditioning? FindConditioning(TokenizedText text) => text.IsAbsent ? Zeros(text) : cache.Find(text);

    public Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded)
    {
        var (first, second) = (encoded[0], encoded[1]);
        int tokens = first.Shape[0], left = first.Shape[1], right = second.Shape[1];
        if (second.Pooled is not { } pooled) throw new GraphException($"{TextEncoders[1].Name} has no output text_embeds");
        var states = new float[tokens * (left + right)]; // [n S, D + D2]
        for (int token = 0; token < tokens; token++)
        {
            first.Values.AsSpan(token * left, left).CopyTo(states.AsSpan(token * (left + right)));
            second.Values.AsSpan(token * right, right).CopyTo(states.AsSpan(token * (left + right) + left));
        }
        var result = new Conditioning([new NamedTensor(HiddenStates, [tokens, left + right], states), new NamedTensor(Pooled, [pooled.Length], pooled)]);
        cache.Add(text, result);
        return result;
    }

    public Conditioning ForRow(Conditioning text, RowConditions row) =>
        new([.. text.Tensors, new NamedTensor(Sizes, [6], TimeIds(row)), .. parts.GuidanceFor(row)]);

    public WordPlaces? Locate(TokenizedText text, IReadOnlyList<string> words) => WordSearch.Find(tokenizers[0], text.Encoders[0], words);

    public IReadOnlyList<string> TokensOf(string word) => WordSearch.TokensOf(tokenizers[0], word);

    public ModelVariant With(IReadOnlyList<LoraChoice> loras, WrapAxes axes = WrapAxes.None, Observation? observed = null) =>
        parts.Vary(new(loras, axes, observed), own =>
        new StableDiffusionXlModel(Description, ContentHash, tokenizers, own, cache.For(own.TextVariant), preview)
        {
            AbsentIsZeros = AbsentIsZeros,
            Warnings = own.Warnings,
        });

    public void Dispose()
    {
        parts.Dispose();
        preview?.Dispose();
    }

    /// <summary>Original height and width, top and left of the crop, height and width of the target.</summary>
    private static float[] TimeIds(RowConditions row)
    {
        var own = (row.Width, row.Height);
        var (original, crop, target) = (row.OriginalSize ?? own, row.Crop ?? (0, 0), row.TargetSize ?? own);
        // diffusers' txt2img takes the negative values only where both sizes are given; its picture pipelines take each by itself.
        if (row.IsNegative && (row.HasPicture || (row.NegativeOriginalSize is not null && row.NegativeTargetSize is not null)))
            (original, crop, target) = (row.NegativeOriginalSize ?? original, row.NegativeCrop ?? (0, 0), row.NegativeTargetSize ?? target);
        return [original.Height, original.Width, crop.Y, crop.X, target.Height, target.Width];
    }

    private Conditioning Zeros(TokenizedText text)
    {
        int tokens = text.Encoders[0].Ids.Length, width = parts.WidthOf(HiddenStates), pooled = parts.WidthOf(Pooled);
        return new([new NamedTensor(HiddenStates, [tokens, width], new float[tokens * width]), new NamedTensor(Pooled, [pooled], new float[pooled])]);
    }

    private TextTokens Empty(int encoder) => Tokens(encoder, "", new(""), TextReading.Plain);

    private TextTokens Tokens(int encoder, string words, PromptText text, TextReading reading) =>
        chunkers[encoder].Limit(
            reading switch
            {
                TextReading.Weighted => chunkers[encoder].Cut(words, text.Embeddings, encoder),
                TextReading.Comfyui => comfyChunkers[encoder].Cut(words, text.Embeddings, encoder),
                _ => tokenizers[encoder].Cut(words, text.Embeddings, encoder),
            },
            Description.FixedTextTokens / Description.TokenLength ?? int.MaxValue) with { ClipSkip = text.ClipSkip + UnusedTextLayers };
}
