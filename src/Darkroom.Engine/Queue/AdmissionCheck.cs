using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Catalog;
using Darkroom.Models.Graphs;
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
    /// <summary>Other models that a refusal names.</summary>
    private const int MaxModels = 3;

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
        if (request.Task == GenerationTask.Upscale || models.Find(request.Model) is not { } model) return null;
        if (autoencoders is not null) model = autoencoders.Of(request, model);
        foreach (var pass in request.Passes)
            if (TooLarge(pass, model, options) is { } refusal) return refusal;
        return null;
    }

    private Admission.TooLarge? TooLarge(GenerationRequest request, ModelDescription model, EngineOptions options)
    {
        // An outpainting is larger than any canvas that the network sees.
        int width = Math.Min(request.Width, model.MaxSize), height = Math.Min(request.Height, model.MaxSize);
        if (model.Parts.FirstOrDefault(part => !options.Devices.Any(device => device.Fits(part))) is { } part)
            return new Admission.TooLarge(part.Bytes, options.Devices.Max(device => part.IsExact ? device.MaxPartBytes : device.BudgetBytes))
            {
                Part = part.Name,
                Models = OthersFor(request, model, options),
            };
        var texts = TextLoad.Of(request, model.TokenLength);
        long canvas = MemoryEstimate.CanvasOf(request);
        var need = NeedOf(request, model, width, height, texts, options);
        return need.Missing + canvas <= 0 ? null : new Admission.TooLarge(need.Bytes + canvas, Math.Max(0, need.Available))
        {
            Wanted = (width, height),
            Fits = request is { Edit: null, Continues: null } ? Largest(request, model, width, height, texts, options) : null,
            Models = OthersFor(request, model, options),
        };
    }

    /// <summary>Models that could make the same picture here, by id, a few at most.</summary>
    private string[] OthersFor(GenerationRequest request, ModelDescription model, EngineOptions options) =>
    [
        .. models.All.Where(other => other.Id != model.Id && other.Fault is null && other.ReadsText == model.ReadsText && request.Vae is null
                && request.Edit is null && other.FixedSize is null && Math.Max(request.Width, request.Height) <= other.MaxSize
                && other.Parts.All(part => options.Devices.Any(device => device.Fits(part)))
                && MemoryEstimate.NeedOf(
                    other, request.Width, request.Height, TextLoad.Of(request, other.TokenLength), options, request.Tiling != WrapAxes.None).Fits)
            .Select(other => other.Id).Take(MaxModels),
    ];

    /// <summary>Tiles of each picture; null where there is no upscaler, or its file does not tell.</summary>
    public int? TilesOf(GenerationRequest request)
    {
        int? after = TilesOf(request.Upscale, request.Finished), between = TilesOf(BetweenPasses.UpscaleOf(request), (request.Width, request.Height));
        return after is null && between is null ? null : (after ?? 0) + (between ?? 0);
    }

    private int? TilesOf(UpscaleOrder? order, (int Width, int Height) size) =>
        order is null || upscalers.Find(order.Model) is not { } upscaler ? null : Upscale.TilesOf(order, size, upscaler);

    /// <summary>What the call of a picture that leaves the least needs: as measured, where it was.</summary>
    private CallNeed NeedOf(GenerationRequest request, ModelDescription model, int width, int height, TextLoad texts, EngineOptions options)
    {
        bool wraps = request.Tiling != WrapAxes.None;
        return MemoryEstimate.NeedOf(model, width, height, texts, options, wraps, peaks is null ? null : Measured);

        (long, long) Measured(long denoiser, long decoder)
        {
            var latents = model.LatentsOf(width, height);
            var decoded = latents;
            if (AutoencoderTiles.Of(model, width, height, options, wraps)?.Window is { } window)
                decoded = latents with { Width = window.Width, Height = window.Height };
            return (
                peaks!.BytesOf(new(model.Id, Denoise.Network, latents), texts.Together, denoiser),
                peaks.BytesOf(new(AutoencoderChoice.OwnerOf(request), Decode.Network, decoded), 1, decoder));
        }
    }

    /// <summary>The largest size of the same proportions that fits; null where none does.</summary>
    private (int Width, int Height)? Largest(
        GenerationRequest request, ModelDescription model, int width, int height, TextLoad texts, EngineOptions options)
    {
        int step = Math.Max(1, model.SizeStep);
        for (int longer = Math.Max(width, height) / step * step; longer >= step; longer -= step)
        {
            double share = longer / (double)Math.Max(width, height);
            var (w, h) = (Math.Max(step, (int)(width * share) / step * step), Math.Max(step, (int)(height * share) / step * step));
            if (NeedOf(request, model, w, h, texts, options).Fits) return (w, h);
        }
        return null;
    }
}
