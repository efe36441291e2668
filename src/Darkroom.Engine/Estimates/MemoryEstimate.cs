using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Estimates;

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
        double attended = cells / Math.Pow(4, model.Denoiser.AttentionLevel); // each level has half the sides of the one before
        // [lanes, heads, cells, cells or tokens]
        double attention = lanes * model.Denoiser.AttentionHeads * attended * Math.Max(attended, texts.Tokens) * sizeof(float);
        double activations = lanes * model.Denoiser.BaseChannels * cells * sizeof(float) * 16; // some sixteen tensors of the finest level live at once
        double decoder = (double)width * height * model.DecoderChannels * sizeof(float) * 4; // [C, H, W], a few at once
        return (long)Math.Min(long.MaxValue / 2, attention + activations + decoder + ConditioningOf(model, texts));
    }

    /// <summary>Bytes of what the text encoder makes of all texts. // [texts, tokens, width]</summary>
    public static long ConditioningOf(ModelDescription model, TextLoad texts) => texts.Texts * texts.Tokens * (model.TextWidth ?? WidestText) * sizeof(float);

    /// <summary>Evaluations of a call at a picture's size that fit in so much memory at once; at least 1.</summary>
    public static int MaxTogether(ModelDescription model, int width, int height, long available)
    {
        var one = new TextLoad(Lanes: 1, Texts: 1, model.TokenLength);
        return (int)Math.Clamp(available / Math.Max(1, BytesOf(model, width, height, one)), 1, int.MaxValue);
    }

    /// <summary>
    /// Bytes that the rows of a request keep from its first step to its last: pixels, and latents in a dozen copies; beside this the shared buffers of a
    /// call hold more.
    /// </summary>
    public static long StateOf(GenerationRequest request)
    {
        long pixels = (long)request.Width * request.Height;
        if (request.Edit is { } edit) pixels += (long)edit.Picture.Width * edit.Picture.Height;
        return request.Count * pixels * 3 * sizeof(float) * 2;
    }

    /// <summary>Bytes of an outpainting's canvas, for each of its pictures: it stands beside the windows, and is copied once for the answer.</summary>
    public static long CanvasOf(GenerationRequest request) =>
        request.Edit?.Extension is null ? 0 : 2L * 3 * request.Width * request.Height * request.Count;

    /// <summary>What one picture may take: the operator's limit, or the memory that the machine can give.</summary>
    public static long Available(EngineOptions options) =>
        options.MemoryLimitMiB is { } limit ? limit * 1024 * 1024 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
