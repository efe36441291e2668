using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Where the engine gets models from; loading starts with the first call for a model on a device.</summary>
internal interface IModelSource
{
    Task<IDiffusionModel> GetAsync(string id, int device);
}

/// <summary>Where the engine gets upscalers from; loading starts with the first call for one on a device.</summary>
internal interface IUpscalerSource
{
    Task<Upscaler> GetAsync(string id, int device);
}

/// <summary>Upscalers of the pool.</summary>
internal sealed class PooledUpscalers(UpscalerPool pool) : IUpscalerSource
{
    public Task<Upscaler> GetAsync(string id, int device) => pool.GetAsync(id, device);
}

/// <summary>Models of the pool; the loop is woken when one is there.</summary>
internal sealed class PooledModels(ModelPool pool, AsyncSignal signal) : IModelSource
{
    public Task<IDiffusionModel> GetAsync(string id, int device)
    {
        var load = pool.GetAsync(id, device);
        signal.SetAfter(load);
        return load;
    }
}
