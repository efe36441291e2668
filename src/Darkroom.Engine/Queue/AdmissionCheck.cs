using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Queue;

/// <summary>What can be said of a request before it is stored: whether it can ever run here, and how many tiles it will take.</summary>
/// <param name="models">What is known of models.</param>
/// <param name="upscalers">What is known of upscalers.</param>
/// <param name="lifetime">Of the engine.</param>
/// <param name="options">Settings.</param>
/// <param name="peaks">What calls were measured to need; null: estimates alone.</param>
/// <param name="machines">Settings of the machines that have a model, where others make the pictures; null: this one does.</param>
/// <param name="telemetry">Counts what is refused; null: nothing does.</param>
/// <param name="autoencoders">What a request's own makes of its model; null: nothing.</param>
internal sealed class AdmissionCheck(
    IModelDirectory models, IUpscalerDirectory upscalers, EngineLifetime lifetime, EngineOptions options, PeakTable? peaks = null,
    Func<string, IReadOnlyList<EngineOptions>>? machines = null, JobTelemetry? telemetry = null, AutoencoderChoice? autoencoders = null)
{
    /// <returns>Why it is refused; null where it is not.</returns>
    public Admission? Refuse(GenerationRequest request)
    {
        if (lifetime.IsStopping) return new Admission.ShuttingDown();
        return machines is null ? TooLarge(request, options) : TooLargeForAll(request, machines(request.Model));
    }

    /// <summary>Counts a request that did not become a job, whatever refused it.</summary>
    public void CountRefused(GenerationRequest request, Admission admission)
    {
        if (ReasonOf(admission) is { } reason) telemetry?.Rejected(request, reason);
    }

    private static string? ReasonOf(Admission admission) => admission switch
    {
        Admission.KeyReused => "key_reused",
        Admission.QueueFull => "queue_full",
        Admission.CallerFull => "caller_full",
        Admission.StorageFull => "storage_full",
        Admission.ShuttingDown => "shutting_down",
        Admission.TooLarge => "too_large",
        _ => null, // it became a job, or is one
    };

    /// <returns>Why it can never be made here; null where it can, as far as is known.</returns>
    public Admission.TooLarge? TooLarge(GenerationRequest request) => TooLarge(request, options);

    /// <summary>What the largest machine has too little of; null where any has enough, or there is none.</summary>
    private Admission.TooLarge? TooLargeForAll(GenerationRequest request, IReadOnlyList<EngineOptions> all)
    {
        Admission.TooLarge? least = null;
        foreach (var machine in all)
        {
            if (TooLarge(request, machine) is not { } refusal) return null;
            if (least is null || refusal.AvailableBytes > least.AvailableBytes) least = refusal;
        }
        return least;
    }

    private Admission.TooLarge? TooLarge(GenerationRequest request, EngineOptions options)
    {
        long state = MemoryEstimate.StateOf(request);
        if (options.MemoryLimitMiB is null && state > options.Memory.StateBytes) return new Admission.TooLarge(state, options.Memory.StateBytes);
        if (models.Find(request.Model) is not { } model) return null;
        if (autoencoders is not null) model = autoencoders.Of(request, model);
        // An outpainting is larger than any canvas that the network sees.
        int width = Math.Min(request.Width, model.MaxSize), height = Math.Min(request.Height, model.MaxSize);
        var texts = TextLoad.Of(request, model.TokenLength);
        long canvas = MemoryEstimate.CanvasOf(request), needed = BytesOf(request, model, width, height, texts, options) + canvas;
        long available = MemoryEstimate.Available(options, model.Parts.Select(part => part.Bytes).DefaultIfEmpty().Max());
        return needed <= available ? null : new Admission.TooLarge(needed, available)
        {
            Wanted = (width, height),
            Fits = request.Edit is null ? Largest(request, model, width, height, texts, options, available) : null,
        };
    }

    /// <summary>Tiles of each picture; null where there is no upscaler, or its file does not tell.</summary>
    public int? TilesOf(GenerationRequest request)
    {
        if (request.Upscale is not { } order || upscalers.Find(order.Model) is not { } upscaler) return null;
        var tiling = new UpscaleTiling(order.Tile ?? upscaler.Tile, order.Overlap ?? upscaler.Overlap);
        return upscaler.CountTiles(request.Finished.Width, request.Finished.Height, order.Scale, tiling);
    }

    /// <summary>What the largest call of a picture needs: as measured, where it was.</summary>
    private long BytesOf(GenerationRequest request, ModelDescription model, int width, int height, TextLoad texts, EngineOptions options)
    {
        long all = MemoryEstimate.BytesOf(model, width, height, texts, options);
        if (peaks is null) return all;
        var latents = model.LatentsOf(width, height);
        long denoiser = MemoryEstimate.DenoiserBytes(model, width, height, texts.Lanes, texts.Tokens);
        long decoder = AutoencoderTiles.BytesOf(model, width, height, options);
        var decoded = latents;
        if (AutoencoderTiles.Of(model, width, height, options)?.Window is { } window) decoded = latents with { Width = window.Width, Height = window.Height };
        long measured = Math.Max(
            peaks.BytesOf(new(model.Id, Denoise.Network, latents), texts.Lanes, denoiser), 
            peaks.BytesOf(new(AutoencoderChoice.OwnerOf(request), Decode.Network, decoded), 1, decoder));
        return all - Math.Max(denoiser, decoder) + measured;
    }

    /// <summary>The largest size of the same proportions that fits; null where none does.</summary>
    private (int Width, int Height)? Largest(
        GenerationRequest request, ModelDescription model, int width, int height, TextLoad texts, EngineOptions options, long available)
    {
        int step = Math.Max(1, model.SizeStep);
        for (int longer = Math.Max(width, height) / step * step; longer >= step; longer -= step)
        {
            double share = longer / (double)Math.Max(width, height);
            var (w, h) = (Math.Max(step, (int)(width * share) / step * step), Math.Max(step, (int)(height * share) / step * step));
            if (BytesOf(request, model, w, h, texts, options) <= available) return (w, h);
        }
        return null;
    }
}
