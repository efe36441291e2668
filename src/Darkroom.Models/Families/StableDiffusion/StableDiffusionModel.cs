using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>A Stable Diffusion model in memory. The text's last hidden states are the denoiser's <c>encoder_hidden_states</c>.</summary>
internal sealed class StableDiffusionModel(
    ModelDescription description, string contentHash, ClipTokenizer tokenizer, TextEncoder textEncoder, Denoiser denoiser, LatentDecoder decoder,
    LatentEncoder? encoder, ConditioningCache cache, ILatentPreview? preview) : IDiffusionModel
{
    private const string HiddenStates = "encoder_hidden_states";

    private readonly PromptChunker chunker = new(tokenizer);

    public ModelDescription Description { get; } = description with
    {
        Capabilities = description.Capabilities with
        {
            TimestepPerRow = denoiser.TimestepPerRow,
            TimestepReason = denoiser.TimestepReason,
            MaxClipSkip = textEncoder.MaxClipSkip,
            ClipSkipReason = textEncoder.ClipSkipReason,
            TimestepType = denoiser.TimestepType.ToString().ToLowerInvariant(),
            Precision = denoiser.Precision.ToString().ToLowerInvariant(),
        },
    };

    public string ContentHash { get; } = contentHash;

    public bool TimestepPerRow => denoiser.TimestepPerRow;

    public TokenizedText Tokenize(string text, TextReading reading)
    {
        if (reading == TextReading.Weighted) return chunker.Cut(text);
        var ids = new int[tokenizer.TokenLength];
        var count = tokenizer.EncodePadded(text, ids);
        return new TokenizedText(ids, count.Cut ? tokenizer.Dropped(text) : null);
    }

    public Conditioning? FindConditioning(TokenizedText text) => cache.Find(text);

    public IReadOnlyList<Conditioning> Encode(IReadOnlyList<TokenizedText> texts)
    {
        var encoded = ChunkEncoding.Run(texts, chunks => textEncoder.Run(chunks, texts[0].ClipSkip));
        var result = new Conditioning[texts.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new Conditioning([new NamedTensor(HiddenStates, encoded[i].Shape, encoded[i].Values)]); // [n S, D]
            cache.Add(texts[i], result[i]);
        }
        return result;
    }

    public void Denoise(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows) => denoiser.Run(shape, rows);

    public IReadOnlyList<EncodedPicture> EncodePictures(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures) =>
        (encoder ?? throw new GraphException("the model has no vae_encoder")).Run(width, height, pictures);

    public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents) => decoder.Run(shape, latents);

    public ILatentPreview? Preview => preview;

    public void Dispose()
    {
        // The denoiser first: it is what still might run.
        denoiser.Dispose();
        textEncoder.Dispose();
        decoder.Dispose();
        encoder?.Dispose();
        preview?.Dispose();
    }
}
