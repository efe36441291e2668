using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Queue;

/// <summary>
/// What one picture needs beyond the weights: an upper estimate from the denoiser's widest tensors, so that a request that can never fit is
/// refused before it is queued instead of killing the process.
/// </summary>
internal static class MemoryEstimate
{
    /// <summary>Where a folder does not say how wide its text encoder is: that of Stable Diffusion 2.</summary>
    private const int WidestText = 1024;

    /// <summary>
    /// Bytes for a picture of this size: the attention matrix of the finest level that has one (over the picture itself or over the texts, whichever is
    /// larger), the decoder's full-size activations, and what the text encoder makes.
    /// </summary>
    public static long BytesOf(ModelDescription model, int width, int height, TextLoad texts)
    {
        double cells = (double)width / model.LatentFactor * (height / (double)model.LatentFactor);
        double lanes = texts.Lanes;
        double attention = lanes * model.Denoiser.AttentionHeads * cells * Math.Max(cells, texts.Tokens) * sizeof(float); // [lanes, heads, cells, cells or tokens]
        double activations = lanes * model.Denoiser.BaseChannels * cells * sizeof(float) * 16; // some sixteen tensors of the finest level live at once
        double decoder = (double)width * height * model.DecoderChannels * sizeof(float) * 4; // [C, H, W], a few at once
        double conditioning = (double)texts.Texts * texts.Tokens * (model.TextWidth ?? WidestText) * sizeof(float); // [texts, tokens, width]
        return (long)Math.Min(long.MaxValue / 2, attention + activations + decoder + conditioning);
    }

    /// <summary>What one picture may take: the operator's limit, or the memory that the machine can give.</summary>
    public static long Available(EngineOptions options) =>
        options.MemoryLimitMiB is { } limit ? limit * 1024 * 1024 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
