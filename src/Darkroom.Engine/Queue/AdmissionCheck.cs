using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Queue;

/// <summary>What can be said of a request before it is stored: whether it can ever run here, and how many tiles it will take.</summary>
internal sealed class AdmissionCheck(IModelDirectory models, IUpscalerDirectory upscalers, EngineLifetime lifetime, EngineOptions options)
{
    /// <returns>Why it is refused; null where it is not.</returns>
    public Admission? Refuse(GenerationRequest request)
    {
        if (lifetime.IsStopping) return new Admission.ShuttingDown();
        if (models.Find(request.Model) is not { } model) return null;
        // An outpainting is larger than any canvas that the network sees.
        int width = Math.Min(request.Width, model.MaxSize), height = Math.Min(request.Height, model.MaxSize);
        long needed = MemoryEstimate.BytesOf(model, width, height, TextLoad.Of(request, model.TokenLength)) + MemoryEstimate.CanvasOf(request);
        long available = MemoryEstimate.Available(options);
        return needed > available ? new Admission.TooLarge(needed, available) : null;
    }

    /// <summary>Tiles of each picture; null where there is no upscaler, or its file does not tell.</summary>
    public int? TilesOf(GenerationRequest request)
    {
        if (request.Upscale is not { } order || upscalers.Find(order.Model) is not { } upscaler) return null;
        var tiling = new UpscaleTiling(order.Tile ?? upscaler.Tile, order.Overlap ?? upscaler.Overlap);
        return upscaler.CountTiles(request.Finished.Width, request.Finished.Height, order.Scale, tiling);
    }
}
