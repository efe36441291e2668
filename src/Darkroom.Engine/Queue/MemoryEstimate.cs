using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Queue;

/// <summary>
/// What one picture needs beyond the weights: an upper estimate from the denoiser's widest tensors, so that a request that can never fit is
/// refused before it is queued instead of killing the process.
/// </summary>
internal static class MemoryEstimate
{
    /// <summary>Bytes for a picture of this size: the attention matrix of the finest level that has one, and the decoder's full-size activations.</summary>
    public static long BytesOf(ModelDescription model, int width, int height, bool guided)
    {
        double cells = (double)width / model.LatentFactor * (height / (double)model.LatentFactor);
        double lanes = guided ? 2 : 1;
        double attention = lanes * model.Denoiser.AttentionHeads * cells * cells * sizeof(float); // [lanes, heads, cells, cells]
        double activations = lanes * model.Denoiser.BaseChannels * cells * sizeof(float) * 16; // some sixteen tensors of the finest level live at once
        double decoder = (double)width * height * model.DecoderChannels * sizeof(float) * 4; // [C, H, W], a few at once
        return (long)Math.Min(long.MaxValue / 2, attention + activations + decoder);
    }

    /// <summary>Bytes of an outpainting's canvas, for each of its pictures: it stands beside the windows, and is copied once for the answer.</summary>
    public static long CanvasOf(GenerationRequest request) =>
        request.Edit?.Extension is null ? 0 : 2L * 3 * request.Width * request.Height * request.Count;

    /// <summary>What one picture may take: the operator's limit, or the memory that the machine can give.</summary>
    public static long Available(EngineOptions options) =>
        options.MemoryLimitMiB is { } limit ? limit * 1024 * 1024 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
