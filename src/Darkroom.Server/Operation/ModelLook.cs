using Darkroom.Models.ControlNets;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Operation;

/// <summary>One look through the models folder. Any thread may look.</summary>
internal sealed class ModelLook(ModelPool pool, UpscalerCatalog upscalers, ControlNetCatalog controlNets, ILogger<ModelLook> logger)
{
    /// <summary>What was added is served from here on, what was taken away is gone.</summary>
    public void Look()
    {
        bool changed = pool.LookAgain();
        changed |= upscalers.LookAgain();
        changed |= controlNets.LookAgain();
        if (changed) ServerEvents.ModelsChanged(logger, pool.All.Count, upscalers.All.Count);
    }
}
