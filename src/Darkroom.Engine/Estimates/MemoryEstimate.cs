using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Estimates;

/// <summary>
/// What calls need beyond the weights, and rows beside them, from the widest tensors: an upper estimate for what was never measured, so that a request that can
/// never fit is refused before it is queued, and one that does not fit now waits.
/// </summary>
internal static class MemoryEstimate
{
    /// <summary>Where a folder does not say how wide its text encoder is: that of Stable Diffusion 2.</summary>
    private const int WidestText = 1024;

    /// <summary>Bytes for a picture of this size: the larger of what its denoiser and its decoder need, and what the text encoder makes.</summary>
    public static long BytesOf(ModelDescription model, int width, int height, TextLoad texts)
    {
        long denoiser = DenoiserBytes(model, width, height, texts.Lanes, TokensOf(model, texts.Tokens));
        return Bytes(Math.Max(denoiser, DecoderBytes(model, width, height)) + ConditioningOf(model, texts));
    }

    /// <summary>Bytes of what the text encoder makes of all texts. // [texts, tokens, width]</summary>
    public static long ConditioningOf(ModelDescription model, TextLoad texts) =>
        texts.Texts * TokensOf(model, texts.Tokens) * (model.TextWidth ?? WidestText) * sizeof(float);

    /// <summary>
    /// Bytes of a denoiser's call: the two attention matrices (products and their softmax) of the finest level that has one, over the picture itself or over
    /// the texts, whichever is larger, and activations.
    /// </summary>
    public static long DenoiserBytes(ModelDescription model, int width, int height, int evaluations, long tokens)
    {
        double cells = (double)width / model.LatentFactor * (height / (double)model.LatentFactor);
        double attended = cells / Math.Pow(4, model.Denoiser.AttentionLevel); // each level has half the sides of the one before
        // 2 x [evaluations, heads, cells, cells or tokens]; 1,026 MiB of 1,024 were measured at sd15-tiny's 512 x 512 with guidance, 2,503 of 2,500 at 640
        double pairs = model.Denoiser.IsJoint ? (attended + tokens) * (attended + tokens) : attended * Math.Max(attended, tokens);
        double attention = 2.0 * evaluations * model.Denoiser.AttentionHeads * pairs * sizeof(float);
        double activations = (double)evaluations * model.Denoiser.BaseChannels * cells * sizeof(float) * 16; // some sixteen of the finest level at once
        return Bytes(attention + activations);
    }

    /// <summary>Bytes of a call of the autoencoder, either half, for each picture: a few tensors of the full size, and the attention of its middle.</summary>
    public static long DecoderBytes(ModelDescription model, int width, int height)
    {
        double cells = (double)width / model.LatentFactor * (height / (double)model.LatentFactor);
        return Bytes((double)width * height * model.DecoderChannels * sizeof(float) * 4 + 2 * cells * cells * sizeof(float));
    }

    /// <summary>Bytes of an upscaler's call for each tile: 64 channels at the tile's size and, where the last layers work there, at the answer's.</summary>
    public static long UpscalerBytes(int width, int height, int scale) => (long)width * height * 64 * sizeof(float) * (8 + 2L * scale * scale);

    /// <summary>
    /// Bytes that the rows of a request keep while they are in flight: decoded pixels as numbers, as a picture and as a file, what was sent, and what an
    /// upscaler makes; beside this the shared buffers of a call hold more.
    /// </summary>
    public static long StateOf(GenerationRequest request)
    {
        long bytes = request.Task == GenerationTask.Upscale ? 0 : 18L * request.Width * request.Height;
        if (request.Controls is { Count: > 0 } controls) bytes += ControlBytes(request, controls);
        if (request.Edit is { } edit) bytes += 6L * edit.Picture.Width * edit.Picture.Height;
        if (request.Upscale is { } order)
        {
            var (width, height) = request.Finished;
            double factor = order.Scale ?? UpscalePasses.OwnFactor(4, width, height);
            bytes += (long)(6 * factor * factor * width * height);
        }
        return request.Count * bytes;
    }

    /// <summary>
    /// What ControlNets keep for a row from step to step: for each lane what one answered last and what all add together; of each the picture, as numbers and
    /// as it was sent, and what the network made of it.
    /// </summary>
    private static long ControlBytes(GenerationRequest request, IReadOnlyList<ControlOrder> controls)
    {
        // 1,640 numbers for a cell of 64 pixels in Stable Diffusion 1 and 2 and in SDXL; of the picture 320, and 3 for each pixel.
        const double Answer = 1640 * sizeof(float) / 64.0, Shown = 320 * sizeof(float) / 64.0 + 3 * sizeof(float);
        double pixels = (double)request.Width * request.Height;
        return Bytes(pixels * (2 * request.Lanes * Answer + controls.Count * Shown))
            + controls.Sum(control => 6L * control.Picture.Width * control.Picture.Height);
    }

    /// <summary>Bytes of an outpainting's canvas, for each of its pictures: it stands beside the windows, and is copied once for the answer.</summary>
    public static long CanvasOf(GenerationRequest request) =>
        request.Edit?.Extension is null ? 0 : 2L * 3 * request.Width * request.Height * request.Count;

    /// <summary>What a call may take beside weights: the operator's limit, or what the process's memory has for it.</summary>
    public static long Available(EngineOptions options, long weights = 0) =>
        options.MemoryLimitMiB is { } limit ? limit * 1024 * 1024 : Math.Min(options.Memory.CallBytes, options.Memory.NativeBytes - weights);

    /// <summary>T5's tokens stand behind those of the chunks; as many as a request may ask for.</summary>
    private static long TokensOf(ModelDescription model, long chunks) =>
        chunks + (model.TextTokens is null ? 0 : ((WholeType)FieldTable.MaxTextTokens.Type).Max);

    private static long Bytes(double bytes) => (long)Math.Min(long.MaxValue / 4, bytes);
}
