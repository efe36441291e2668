using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging.Canvas;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Programs;

/// <summary>How much work a request asks for, as far as it tells itself: what its size is limited by. Upper bounds, and none of them asks a model.</summary>
public sealed record RequestWork
{
    /// <summary>Different texts that are read at any step, those of the negative prompt included.</summary>
    public int Texts { get; init; }

    /// <summary>Those of the negative prompt.</summary>
    public int NegativeTexts { get; init; }

    /// <summary>Chunks of each of them: all are as long as the longest. At most; a token is never less than a byte.</summary>
    public long ChunksPerText { get; init; }

    /// <summary>Chunks that the text encoders are asked for, all texts together; the request's pictures share them.</summary>
    public long TextChunks => Texts * ChunksPerText;

    /// <summary>Bytes of what the texts become, kept as long as the request runs.</summary>
    public long TextBytes { get; init; }

    /// <summary>Windows that each picture is painted in: 1 but for an outpainting.</summary>
    public int Windows { get; init; }

    /// <summary>Tiles of an upscaler, over all pictures and passes.</summary>
    public long Tiles { get; init; }

    /// <summary>
    /// Megapixels × calls of the denoiser, over all pictures and windows; a guidance pair counts as one, an evaluation without guidance as half.
    /// </summary>
    public double MegapixelSteps { get; init; }

    /// <param name="request">Complete but for what comes with its job.</param>
    /// <param name="model">Its model; null for a task that has none.</param>
    /// <param name="upscaler">Its upscaler; null where it has none.</param>
    /// <param name="between">The upscaler between its passes; null where it has none, or it is not known.</param>
    public static RequestWork Of(
        GenerationRequest request, ModelDescription? model, UpscalerDescription? upscaler, UpscalerDescription? between = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        long tiles = request.Upscale is null ? 0 : request.Count * (long)Upscale.WorkOf(request, upscaler).Calls;
        if (request.SecondPass() is { } second)
        {
            if (BetweenPasses.UpscaleOf(request) is not null) tiles += request.Count * (long)Upscale.WorkBetween(request, between).Calls;
            var once = Of(request with { Hires = null, Upscale = null }, model, null);
            bool readsTheSame = second.Prompt == request.Prompt && second.NegativePrompt == request.NegativePrompt;
            return once.With(Of(second with { Upscale = null }, model, null), readsTheSame) with { Tiles = tiles };
        }
        if (model is null || request.Task == GenerationTask.Upscale) return new() { Tiles = tiles };

        var texts = TextLoad.Of(request, model.TokenLength);
        long tokens = Math.Min(texts.Tokens, model.FixedTextTokens ?? long.MaxValue);
        var (width, height, windows) = WindowsOf(request, model);
        double evaluations = texts.Lanes * (double)request.StepsRun * JobWork.CallsPerStep(request, model);
        return new()
        {
            Texts = texts.Texts,
            NegativeTexts = texts.NegativeTexts,
            ChunksPerText = tokens / model.TokenLength,
            TextBytes = MemoryEstimate.ConditioningOf(model, texts with { Tokens = tokens }),
            Windows = windows,
            Tiles = tiles,
            MegapixelSteps = request.Count * windows * (width * (double)height / 1e6) * evaluations * Denoise.Network.ShareWeight,
        };
    }

    /// <summary>Both passes of a request. Equal texts are encoded once.</summary>
    private RequestWork With(RequestWork second, bool readsTheSame) => readsTheSame ? this with { MegapixelSteps = MegapixelSteps + second.MegapixelSteps }
        : this with
        {
            Texts = Texts + second.Texts,
            NegativeTexts = NegativeTexts + second.NegativeTexts,
            ChunksPerText = Math.Max(ChunksPerText, second.ChunksPerText),
            TextBytes = TextBytes + second.TextBytes,
            MegapixelSteps = MegapixelSteps + second.MegapixelSteps,
        };

    private static (int Width, int Height, int Windows) WindowsOf(GenerationRequest request, ModelDescription model)
    {
        if (request.Edit is not { Extension: { } sides } edit) return (request.Width, request.Height, 1);
        var grid = OutpaintGrid.Of(edit.Picture.Width, edit.Picture.Height, sides, model.MaxSize, model.SizeStep);
        return (grid.WindowWidth, grid.WindowHeight, Math.Max(1, grid.Count));
    }
}
