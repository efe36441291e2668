using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine;

/// <summary>Puts the engine together. The host brings <see cref="IJobStore"/>, the artifact store, <see cref="ModelPool"/> and the clock.</summary>
public static class EngineServices
{
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IIdSource, RandomIds>();
        services.AddSingleton<EngineLifetime>();
        services.AddSingleton<AsyncSignal>();
        services.AddSingleton<IModelDirectory>(provider => provider.GetRequiredService<ModelPool>());
        services.AddSingleton<IUpscalerDirectory>(provider => provider.GetRequiredService<UpscalerPool>());
        services.AddSingleton<IModelSource, PooledModels>();
        services.AddSingleton<IUpscalerSource, PooledUpscalers>();
        services.AddSingleton<FairShare>();
        services.AddSingleton(options.Policy);
        services.AddSingleton(provider => DeviceSetup.Create(
            provider.GetRequiredService<ModelPool>().Devices, options.Policy, provider.GetRequiredService<AsyncSignal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new JobAdmission(provider.GetRequiredService<DeviceGroup>().All[0].Costs, options.Policy));
        services.AddSingleton<CostKeeper>();
        services.AddSingleton<RowPreparation>();
        services.TryAddSingleton(new DecodedPictures());
        services.AddSingleton<PictureLoading>();
        services.AddSingleton<Delivery>();
        services.AddSingleton<IPreviewBoard, MemoryPreviewBoard>();
        services.AddSingleton<PreviewDesk>();
        services.AddSingleton<Flight>();
        services.AddSingleton<Landing>();
        services.AddSingleton<Boarding>();
        services.AddSingleton<Intake>();
        services.AddSingleton<EngineLoop>();
        services.AddSingleton<IGenerationQueue, GenerationQueue>();
        services.AddHostedService<ModelPreload>();
        services.AddHostedService<EngineService>();
        return services;
    }

    /// <summary>Has the log told of every load.</summary>
    public static void LogLoads(this ModelPool pool, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var log = loggers.CreateLogger<ModelPool>();
        pool.Loaded += (id, took, failure) =>
        {
            if (failure is null) EngineLog.ModelLoaded(log, id, (long)took.TotalMilliseconds);
            else EngineLog.ModelFailed(log, id, failure.Message, failure);
        };
    }
}
