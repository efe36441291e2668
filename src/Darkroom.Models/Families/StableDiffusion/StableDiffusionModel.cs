using Darkroom.Diffusion.Attention;
using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>A Stable Diffusion model on a device. The text's last hidden states are the denoiser's <c>encoder_hidden_states</c>.</summary>
internal sealed class StableDiffusionModel(
    ModelDescription description, string contentHash, ClipTokenizer tokenizer, UNetParts parts, ConditioningCache cache,
    ILatentPreview? preview) : IDiffusionModel
{
    private const string HiddenStates = "encoder_hidden_states";

    private readonly PromptChunker chunker = new(tokenizer);
    private readonly ComfyChunker comfyChunker = new(tokenizer);

    /// <summary>Opens such a model from its folder or file.</summary>
    /// <exception cref="Sessions.GraphException">A graph cannot be used; the message names the file.</exception>
    public static async Task<IDiffusionModel> OpenAsync(
        string path, ModelDescription description, string contentHash, UNetTraits traits, DeviceMemory memory, ProofFile proofs, long conditioningCacheBytes)
    {
        var place = ModelPlace.At(path);
        var parts = new UNetParts(place, description, traits, memory, settings => new EditedGraphs(settings, proofs, contentHash));
        try
        {
            var describing = parts.DescribeAsync(description);
            // Beside the graphs: a fresh server waits for both.
            var tokenizer = Task.Run(() => ClipTokenizer.Load(Path.Combine(place.Root, "tokenizer"), description.TokenLength));
            var complete = await describing;
            return new StableDiffusionModel(
                complete, contentHash, await tokenizer, parts, new ConditioningCache(conditioningCacheBytes),
                StableDiffusionLatents.Known.PreviewOf(description, place.Root, memory.Sessions.Telemetry));
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public ModelDescription Description { get; } = description;

    public string ContentHash { get; } = contentHash;

    public IReadOnlyList<ITextEncoder> TextEncoders => parts.TextEncoders;

    public IDenoiser Denoiser => parts.Denoiser;

    public ILatentEncoder? Encoder => parts.Encoder;

    public ILatentDecoder Decoder => parts.Decoder;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IEnumerable<IModelPart> Parts => parts.All;

    public ILatentPreview? Preview => preview;

    /// <summary>An absent text is an empty one, as in diffusers' pipeline.</summary>
    public IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading)
    {
        int? only = Description.FixedTextTokens / Description.TokenLength;
        TextTokens[] tokens = [.. texts.Select(text =>
            chunker.Limit(Tokens(text, reading), only ?? int.MaxValue) with { ClipSkip = text.ClipSkip })];
        var padded = only is null && texts.All(text => text.KeepsLength) ? tokens
            : ChunkPadding.PadTo(only ?? tokens.Max(text => text.Chunks), tokens, chunker.Cut(""));
        return [.. padded.Select(one => new TokenizedText([one]) { Dropped = one.Dropped })];
    }

    public Conditioning? FindConditioning(TokenizedText text) => cache.Find(text);

    public Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded)
    {
        var result = new Conditioning([new NamedTensor(HiddenStates, encoded[0].Shape, encoded[0].Values)]); // [n S, D]
        cache.Add(text, result);
        return result;
    }

    public Conditioning ForRow(Conditioning text, RowConditions row) =>
        parts.GuidanceFor(row) is { Count: > 0 } guidance ? new([.. text.Tensors, .. guidance]) : text;

    public WordPlaces? Locate(TokenizedText text, IReadOnlyList<string> words) => WordSearch.Find(tokenizer, text.Encoders[0], words);

    public IReadOnlyList<string> TokensOf(string word) => WordSearch.TokensOf(tokenizer, word);

    public ModelVariant With(IReadOnlyList<LoraChoice> loras, WrapAxes axes = WrapAxes.None, Observation? observed = null) =>
        parts.Vary(new(loras, axes, observed), own =>
        new StableDiffusionModel(Description, ContentHash, tokenizer, own, cache.For(own.TextVariant), preview) { Warnings = own.Warnings });

    public void Dispose()
    {
        parts.Dispose();
        preview?.Dispose();
    }

    private TextTokens Tokens(PromptText text, TextReading reading) => reading switch
    {
        TextReading.Weighted => chunker.Cut(text.Text ?? "", text.Embeddings),
        TextReading.Comfyui => comfyChunker.Cut(text.Text ?? "", text.Embeddings),
        _ => tokenizer.Cut(text.Text ?? "", text.Embeddings),
    };
}
