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

    /// <summary>
    /// The call for a picture of this size that is the furthest from fitting, its denoiser's or its autoencoder's, with what the text encoder makes of its
    /// texts.
    /// </summary>
    /// <param name="model">With the autoencoder that is used.</param>
    /// <param name="width">Pixels of the picture.</param>
    /// <param name="height">Pixels of it.</param>
    /// <param name="texts">Of the request.</param>
    /// <param name="options">Settings.</param>
    /// <param name="wraps">Whether the picture wraps round.</param>
    /// <param name="measured">Corrects both estimates by what was measured; null: estimates alone.</param>
    public static CallNeed NeedOf(
        ModelDescription model, int width, int height, TextLoad texts, EngineOptions options, bool wraps = false,
        Func<long, long, (long Denoiser, long Decoder)>? measured = null)
    {
        long denoiser = DenoiserBytes(model, width, height, texts.Together, TokensOf(model, texts.Tokens)), conditioning = ConditioningOf(model, texts);
        long decoder = AutoencoderTiles.BytesOf(model, width, height, options, wraps);
        if (measured is not null) (denoiser, decoder) = measured(denoiser, decoder);
        var first = new CallNeed(Bytes((double)denoiser + conditioning), Available(options, model.BytesOfLargestPart()));
        var second = new CallNeed(Bytes((double)decoder + conditioning), AvailableToAutoencoder(options, model));
        return first.Missing > second.Missing || (first.Missing == second.Missing && first.Bytes >= second.Bytes) ? first : second;
    }

    /// <summary>Bytes of what the text encoder makes of all texts. // [texts, tokens, width]</summary>
    public static long ConditioningOf(ModelDescription model, TextLoad texts) =>
        texts.Texts * TokensOf(model, texts.Tokens) * (model.TextWidth ?? WidestText) * sizeof(float);

    /// <summary>
    /// Bytes of a denoiser's call: activations, and where attention holds them the two matrices of all positions with each other, products and their softmax.
    /// </summary>
    public static long DenoiserBytes(ModelDescription model, int width, int height, int evaluations, long tokens)
    {
        var size = model.Denoiser;
        double cells = (double)width / model.LatentFactor * (height / (double)model.LatentFactor);
        // Twenty of the finest level at once: what goes around the middle, and the wide layers behind attention. Measured: 16.4 to 17.9 (decision 50).
        double activations = (double)evaluations * size.BaseChannels * cells * sizeof(float) * 20;
        double attended = CellsAt(size.AttentionLevel), scored = CellsAt(size.ScoresLevel ?? size.AttentionLevel);
        // 2 x [evaluations, heads, cells, cells or tokens]; 1,026 MiB of 1,024 were measured at sd15-tiny's 512 x 512 with guidance, 2,503 of 2,500 at 640
        double pairs = !size.IsJoint ? Math.Max(scored * scored, attended * tokens)
            : size.ScoresLevel == DenoiserSize.NoLevel ? 0 : (attended + tokens) * (attended + tokens);
        double scores = 2.0 * evaluations * size.AttentionHeads * pairs * sizeof(float);
        // Where the finest level holds none, those of other levels are alive while its own activations are not: what goes around the middle is half of them.
        return Bytes(size.ScoresLevel > size.AttentionLevel ? Math.Max(activations, scores + activations / 2) : scores + activations);

        double CellsAt(int level) => cells / Math.Pow(4, level); // each level has half the sides of the one before
    }

    /// <summary>
    /// Bytes of a call of the decoder for each picture: a few tensors of the picture's size; or, in its middle, the attention of all cells to each other where
    /// that is held, which is over by then.
    /// </summary>
    public static long DecoderBytes(ModelDescription model, int width, int height)
    {
        double channels = Math.Max(3.5 * model.DecoderWidest, 4 * model.DecoderChannels);
        return Bytes(Math.Max((double)width * height * channels * sizeof(float), MiddleBytes(model, width, height)));
    }

    /// <summary>The same of the encoder, whose tensors of the picture's size are those of its finest level.</summary>
    public static long EncoderBytes(ModelDescription model, int width, int height) =>
        Bytes(Math.Max((double)width * height * sizeof(float) * 4 * model.DecoderChannels, MiddleBytes(model, width, height)));

    /// <summary>An autoencoder's attention: both matrices, and some tensors of four times the finest level's channels beside them.</summary>
    private static double MiddleBytes(ModelDescription model, int width, int height)
    {
        double cells = (double)width / model.LatentFactor * (height / (double)model.LatentFactor);
        return model.DecoderHoldsScores ? 2 * cells * cells * sizeof(float) + cells * 4 * model.DecoderChannels * 6 * sizeof(float) : 0;
    }

    /// <summary>Bytes of an upscaler's call for each tile: 64 channels at the tile's size and, where the last layers work there, at the answer's.</summary>
    public static long UpscalerBytes(int width, int height, int scale) => (long)width * height * 64 * sizeof(float) * (8 + 2L * scale * scale);

    /// <summary>
    /// Bytes that the rows of a request keep while they are in flight: decoded pixels as numbers, as a picture and as a file, what was sent, and what an
    /// upscaler makes; beside this the shared buffers of a call hold more.
    /// </summary>
    public static long StateOf(GenerationRequest request)
    {
        var canvas = request.Canvas;
        long bytes = request.Task == GenerationTask.Upscale ? 0 : 18L * canvas.Width * canvas.Height;
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
        double pixels = (double)request.Canvas.Width * request.Canvas.Height;
        return Bytes(pixels * (2 * request.Lanes * Answer + controls.Count * Shown))
            + controls.Sum(control => 6L * control.Picture.Width * control.Picture.Height);
    }

    /// <summary>Bytes of an outpainting's canvas, for each of its pictures: it stands beside the windows, and is copied once for the answer.</summary>
    public static long CanvasOf(GenerationRequest request) =>
        request.Edit?.Extension is null ? 0 : 2L * 3 * request.Width * request.Height * request.Count;

    /// <summary>What a call may take beside weights: the operator's limit, or what the process's memory has for it.</summary>
    public static long Available(EngineOptions options, long weights = 0) =>
        options.MemoryLimitMiB is { } limit ? limit * 1024 * 1024 : Math.Min(options.Memory.CallBytes, options.Memory.NativeBytes - weights);

    /// <summary>The same for a call of the autoencoder, beside the parts that may be in memory with it.</summary>
    public static long AvailableToAutoencoder(EngineOptions options, ModelDescription model) =>
        Available(options, model.BytesBesideAutoencoder(options.Devices.Max(device => device.BudgetBytes)));

    /// <summary>T5's tokens stand behind those of the chunks; as many as a request may ask for.</summary>
    private static long TokensOf(ModelDescription model, long chunks) =>
        chunks + (model.TextTokens is null ? 0 : ((WholeType)FieldTable.MaxTextTokens.Type).Max);

    private static long Bytes(double bytes) => (long)Math.Min(long.MaxValue / 4, bytes);
}

/// <summary>What a call may need of memory beside weights, and what there is for it.</summary>
internal readonly record struct CallNeed(long Bytes, long Available)
{
    public bool Fits => Bytes <= Available;

    /// <summary>What is too little; 0 or less: it fits.</summary>
    public long Missing => Bytes - Available;
}
