using Darkroom.Engine.Scheduling;
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

    /// <summary>Evaluations of a call that fit in so much memory at once; at least 1.</summary>
    public static int MostOf(ModelDescription model, in CallShape call, long available)
    {
        var (width, height) = call.Stage == NetworkStage.EncodePicture
            ? (call.Shape.Width, call.Shape.Height)
            : (call.Shape.Width * model.LatentFactor, call.Shape.Height * model.LatentFactor);
        return call.Stage == NetworkStage.EncodeText ? int.MaxValue : (int)Math.Clamp(available / Math.Max(1, BytesOf(model, width, height, guided: false)), 1, int.MaxValue);
    }

    /// <summary>Bytes that the rows of a request keep from its first step to its last: pixels, and latents in a dozen copies; beside this the shared buffers of a call hold more.</summary>
    public static long StateOf(Jobs.GenerationRequest request)
    {
        long pixels = (long)request.Width * request.Height;
        if (request.Edit is { } edit) pixels += (long)edit.Picture.Width * edit.Picture.Height;
        return request.Count * pixels * 3 * sizeof(float) * 2;
    }

    /// <summary>What one picture may take: the operator's limit, or the memory that the machine can give.</summary>
    public static long Available(EngineOptions options) =>
        options.MemoryLimitMiB is { } limit ? limit * 1024 * 1024 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
