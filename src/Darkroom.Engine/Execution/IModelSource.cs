using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Where the engine gets models from; loading starts with the first call for a model.</summary>
internal interface IModelSource
{
    Task<IDiffusionModel> GetAsync(string id);
}

/// <summary>Where the engine gets upscalers from; loading starts with the first call for one.</summary>
internal interface IUpscalerSource
{
    Task<Upscaler> GetAsync(string id);
}

/// <summary>Upscalers of the pool.</summary>
internal sealed class PooledUpscalers(UpscalerPool pool) : IUpscalerSource
{
    public Task<Upscaler> GetAsync(string id) => pool.GetAsync(id);
}

/// <summary>Models of the pool; the loop is woken when one is there.</summary>
internal sealed class PooledModels(ModelPool pool, AsyncSignal signal) : IModelSource
{
    public Task<IDiffusionModel> GetAsync(string id)
    {
        var load = pool.GetAsync(id);
        if (!load.IsCompleted)
            _ = load.ContinueWith(_ => signal.Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return load;
    }
}
