using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Telemetry;
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
    /// <summary>How long a process that is silent keeps its jobs.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IIdSource, RandomIds>();
        services.AddSingleton(provider => new JobOwner(provider.GetRequiredService<IIdSource>().Next(), Lease));
        services.AddSingleton<EngineLifetime>();
        services.AddSingleton<AsyncSignal>();
        services.AddSingleton<IModelDirectory>(provider => provider.GetRequiredService<ModelPool>());
        services.AddSingleton<IUpscalerDirectory>(provider => provider.GetRequiredService<UpscalerPool>());
        services.AddSingleton<IRowSources, RowSources>();
        services.AddSingleton<Func<RowMemory, IRowSources, int, RowProgram>>(RowProgram.Of);
        services.AddSingleton<FairShare>();
        services.AddSingleton(options.Policy);
        services.AddSingleton<StarvationGuard>();
        services.AddSingleton<Standings>();
        services.AddSingleton<PeakTable>();
        services.AddSingleton(provider => DeviceSetup.Create(
            provider.GetRequiredService<ModelPool>().Devices, options.Policy, provider.GetRequiredService<AsyncSignal>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<PeakTable>()));
        services.AddSingleton(provider => new ClaimChoice(provider.GetRequiredService<DeviceGroup>().All[0].Costs, options.Policy));
        services.AddSingleton<CostKeeper>();
        services.TryAddSingleton(new DecodedPictures(Math.Min(DecodedPictures.DefaultBytes, options.Memory.KeptBytes)));
        services.AddSingleton<JobPictures>();
        services.AddSingleton<PictureLoading>();
        services.AddSingleton<Delivery>();
        services.AddSingleton<IPreviewBoard, MemoryPreviewBoard>();
        services.AddSingleton<PreviewTelemetry>();
        services.AddSingleton<PreviewDesk>();
        services.AddSingleton<JobWrites>();
        services.AddSingleton<ActiveJobs>();
        services.AddSingleton<ResultApplier>();
        services.AddSingleton<RowAdvancer>();
        services.AddSingleton<JobStarter>();
        services.AddSingleton<QueuePace>();
        services.AddSingleton<OfferedWork>();
        services.AddSingleton<WaitingLine>();
        services.AddSingleton<Intake>();
        services.AddSingleton<ClaimKeeper>();
        services.AddSingleton<CallWatch>();
        services.AddSingleton<EngineLoop>();
        services.AddSingleton<AdmissionCheck>();
        services.AddSingleton<IGenerationQueue, GenerationQueue>();
        services.AddHostedService<JobRelease>(); // before the engine starts, and until it has stopped
        services.AddHostedService<StoreWatch>();
        services.AddHostedService<ModelPreload>();
        services.AddHostedService<EngineService>();
        return services;
    }

    /// <summary>Has pictures and sent files removed that are too old or belong to no job: for stores that outlive the process.</summary>
    /// <param name="retention">How long pictures stay after the end of their job.</param>
    public static IServiceCollection AddSweeps(this IServiceCollection services, TimeSpan retention) => services
        .AddHostedService(provider => ActivatorUtilities.CreateInstance<JobSweep>(provider, retention))
        .AddHostedService(provider => ActivatorUtilities.CreateInstance<PictureSweep>(provider, new SweepChoice(retention)));

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
