using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>A Stable Diffusion model on a device. The text's last hidden states are the denoiser's <c>encoder_hidden_states</c>.</summary>
internal sealed class StableDiffusionModel(
    ModelDescription description, string contentHash, ClipTokenizer tokenizer, StableDiffusionParts parts, ConditioningCache cache) : IDiffusionModel
{
    private const string HiddenStates = "encoder_hidden_states";

    private readonly PromptChunker chunker = new(tokenizer);

    public ModelDescription Description { get; } = description;

    public string ContentHash { get; } = contentHash;

    public bool TimestepPerRow { get; } = description.Capabilities.TimestepPerRow == true;

    public TokenizedText Tokenize(string text, TextReading reading)
    {
        if (reading == TextReading.Weighted) return chunker.Cut(text);
        var ids = new int[tokenizer.TokenLength];
        var count = tokenizer.EncodePadded(text, ids);
        return new TokenizedText(ids, count.Cut ? tokenizer.Dropped(text) : null);
    }

    public Conditioning? FindConditioning(TokenizedText text) => cache.Find(text);

    public IReadOnlyList<Conditioning> Encode(IReadOnlyList<TokenizedText> texts, RunWidth width) => parts.TextEncoder.Call(width, (Texts: texts, Cache: cache), static (encoder, call) =>
    {
        var encoded = ChunkEncoding.Run(call.Texts, chunks => encoder.Run(chunks, call.Texts[0].ClipSkip));
        var result = new Conditioning[call.Texts.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new Conditioning([new NamedTensor(HiddenStates, encoded[i].Shape, encoded[i].Values)]); // [n S, D]
            call.Cache.Add(call.Texts[i], result[i]);
        }
        return result;
    });

    public void Denoise(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows, RunWidth width) =>
        parts.Denoiser.Call(width, (shape, rows), static (denoiser, call) => denoiser.Run(call.shape, call.rows));

    public IReadOnlyList<EncodedPicture> EncodePictures(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run) =>
        (parts.Encoder ?? throw NoEncoder()).Call(run, (width, height, pictures), static (encoder, call) => encoder.Run(call.width, call.height, call.pictures));

    public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width) =>
        parts.Decoder.Call(width, (shape, latents), static (decoder, call) => decoder.Run(call.shape, call.latents));

    public ValueTask<PartLease> HoldAsync(ModelPart part, CancellationToken cancellation) =>
        Find(part)?.HoldAsync(cancellation) ?? ValueTask.FromException<PartLease>(NoEncoder());

    public bool IsResident(ModelPart part) => Find(part) is { IsReady: true };

    public long BytesOf(ModelPart part) => Find(part)?.Bytes ?? 0;

    public bool NarrowIsReady(ModelPart part) => Find(part) is { NarrowIsReady: true };

    public void PrepareNarrow(ModelPart part) => Find(part)?.PrepareNarrow();

    public void Invalidate(ModelPart part) => Find(part)?.Invalidate();

    public Task RebuildAsync(ModelPart part) => Find(part)?.RebuildAsync() ?? Task.CompletedTask;

    public void ShrinkMemory(ModelPart part) => Find(part)?.ShrinkMemory();

    public void Dispose() => parts.Dispose();

    private PartSlot? Find(ModelPart part) => part switch
    {
        ModelPart.TextEncoder => parts.TextEncoder,
        ModelPart.Denoiser => parts.Denoiser,
        ModelPart.Encoder => parts.Encoder,
        ModelPart.Decoder => parts.Decoder,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    private static GraphException NoEncoder() => new("the model has no vae_encoder");
}
