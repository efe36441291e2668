using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>A Stable Diffusion model in memory. The text's last hidden states are the denoiser's <c>encoder_hidden_states</c>.</summary>
internal sealed class StableDiffusionModel(
    ModelDescription description, string contentHash, ClipTokenizer tokenizer, TextEncoder textEncoder, Denoiser denoiser, LatentDecoder decoder,
    ConditioningCache cache) : IDiffusionModel
{
    private const string HiddenStates = "encoder_hidden_states";

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

    public TokenizedText Tokenize(string text)
    {
        var ids = new int[tokenizer.TokenLength];
        var count = tokenizer.EncodePadded(text, ids);
        return new TokenizedText(ids, count.Cut ? tokenizer.Dropped(text) : null);
    }

    public Conditioning? FindConditioning(TokenizedText text) => cache.Find(text.Ids, text.ClipSkip);

    public IReadOnlyList<Conditioning> Encode(IReadOnlyList<TokenizedText> texts)
    {
        var encoded = textEncoder.Run([.. texts.Select(text => text.Ids)], texts[0].ClipSkip);
        var result = new Conditioning[texts.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new Conditioning([new NamedTensor(HiddenStates, encoded[i].Shape, encoded[i].Values)]); // [S, D]
            cache.Add(texts[i].Ids, result[i], texts[i].ClipSkip);
        }
        return result;
    }

    public void Denoise(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows) => denoiser.Run(shape, rows);

    public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents) => decoder.Run(shape, latents);

    public void Dispose()
    {
        // The denoiser first: it is what still might run.
        denoiser.Dispose();
        textEncoder.Dispose();
        decoder.Dispose();
    }
}
