using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Devices;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Telemetry;
using Darkroom.Engine.Workers;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Loras;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine;

/// <summary>Puts the engine together. The host brings <see cref="IJobStore"/>, the artifact store, <see cref="ModelPool"/> and the clock.</summary>
public static class EngineServices
{
    /// <summary>What takes requests: admission, waiting, events. A process that makes pictures has <see cref="AddEngine"/> beside it.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services, EngineOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<IIdSource, RandomIds>();
        services.AddSingleton(provider => new JobOwner(provider.GetRequiredService<IIdSource>().Next(), options.Lease));
        services.AddSingleton<EngineLifetime>();
        services.AddSingleton<AsyncSignal>();
        services.AddSingleton<PeakTable>();
        services.AddSingleton<AutoencoderChoice>();
        services.TryAddSingleton(new DecodedPictures(Math.Min(DecodedPictures.DefaultBytes, options.Memory.KeptBytes)));
        services.AddSingleton<JobPictures>();
        services.TryAddSingleton<IPreviewBoard, MemoryPreviewBoard>();
        services.AddSingleton<QueuePace>();
        services.AddSingleton<IGenerationQueue, GenerationQueue>();
        services.AddSingleton<JobTelemetry>();
        services.AddSingleton<JobRates>();
        services.AddSingleton<QueueReadings>();
        services.AddSingleton<JobRecovery>();
        services.AddHostedService<JobMeter>();
        services.AddHostedService<QueueMeter>();
        services.AddHostedService<JobRelease>(); // before the engine starts, and until it has stopped
        services.AddHostedService<StoreWatch>();
        return services;
    }

    /// <summary>What a process needs that only takes requests: the host brings a store that is an <see cref="IWorkerBoard"/>, too.</summary>
    public static IServiceCollection AddWorkerWatch(this IServiceCollection services)
    {
        services.AddSingleton<WorkerDirectory>();
        services.AddSingleton<IModelDirectory>(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddSingleton<IUpscalerDirectory>(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddSingleton<ILoraDirectory>(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddSingleton<IControlNetDirectory>(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddSingleton<IEmbeddingDirectory>(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddSingleton<IAutoencoderDirectory>(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddSingleton(provider => new AdmissionCheck(
            provider.GetRequiredService<IModelDirectory>(), provider.GetRequiredService<IUpscalerDirectory>(), provider.GetRequiredService<EngineLifetime>(),
            provider.GetRequiredService<EngineOptions>(), machines: provider.GetRequiredService<WorkerDirectory>().MachinesOf,
            telemetry: provider.GetRequiredService<JobTelemetry>(), autoencoders: provider.GetRequiredService<AutoencoderChoice>()));
        services.AddSingleton<IDeviceBoard>(provider => new WorkerDevices(provider.GetRequiredService<WorkerDirectory>()));
        services.AddHostedService<WorkerWatch>();
        services.AddHostedService<NoEngine>();
        return services;
    }

    /// <summary>Has a process that makes pictures tell others so.</summary>
    public static IServiceCollection AddWorkerCard(this IServiceCollection services) =>
        services.AddSingleton<OtherWorkers>().AddSingleton<WorkerContents>().AddHostedService<WorkerPublisher>()
            .AddSingleton<IDeviceBoard>(provider => new WorkerDevices(provider.GetRequiredService<OtherWorkers>().Directory));

    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options)
    {
        services.AddAdmission(options);
        services.AddSingleton<AdmissionCheck>();
        services.AddSingleton<IClaimCheck, ClaimCheck>();
        services.AddSingleton<IModelDirectory>(provider => provider.GetRequiredService<ModelPool>());
        services.AddSingleton<IUpscalerDirectory>(provider => provider.GetRequiredService<UpscalerPool>());
        services.AddSingleton<ILoraDirectory>(provider => provider.GetRequiredService<LoraCatalog>());
        services.AddSingleton<IEmbeddingDirectory>(provider => provider.GetRequiredService<EmbeddingCatalog>());
        services.AddSingleton<IAutoencoderDirectory>(provider => provider.GetRequiredService<AutoencoderCatalog>());
        services.AddSingleton<IRowSources, RowSources>();
        services.AddSingleton<Func<RowMemory, IRowSources, int, RowProgram>>(RowProgram.Of);
        services.AddSingleton<FairShare>();
        services.AddSingleton(options.Policy);
        services.AddSingleton<StarvationGuard>();
        services.AddSingleton(provider => new EngineActivity(
            provider.GetRequiredService<ModelPool>().Devices.Count, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EngineReadings>();
        services.AddSingleton<MemoryTelemetry>();
        services.AddSingleton<Standings>();
        services.AddSingleton(provider => DeviceSetup.Create(
            provider.GetRequiredService<ModelPool>().Devices, options.Policy, provider.GetRequiredService<AsyncSignal>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<PeakTable>(), provider.GetRequiredService<EngineActivity>(),
            provider.GetRequiredService<MemoryTelemetry>()));
        services.AddSingleton(provider => new ClaimChoice(provider.GetRequiredService<DeviceGroup>().All[0].Costs, options.Policy));
        services.AddSingleton<CostKeeper>();
        services.AddSingleton<PictureLoading>();
        services.AddSingleton<Delivery>();
        services.AddSingleton<PreviewTelemetry>();
        services.AddSingleton<PreviewDesk>();
        services.AddSingleton<JobWrites>();
        services.AddSingleton<ActiveJobs>();
        services.AddSingleton<ResultApplier>();
        services.AddSingleton<RowAdvancer>();
        services.AddSingleton<JobStarter>();
        services.AddSingleton<OfferedWork>();
        services.AddSingleton<WaitingLine>();
        services.AddSingleton<Intake>();
        services.AddSingleton<ClaimKeeper>();
        services.AddSingleton<CallWatch>();
        services.AddSingleton<CallTelemetry>();
        services.AddSingleton<EngineLoop>();
        services.AddSingleton<IDeviceBoard, DeviceBoard>();
        services.AddSingleton<ModelResidency>();
        services.AddHostedService<EngineMeter>();
        services.AddSingleton<ModelPreload>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelPreload>());
        services.AddHostedService<EngineService>();
        return services;
    }

    /// <summary>Has pictures and sent files removed that are too old or belong to no job: for stores that outlive the process.</summary>
    /// <param name="retention">How long pictures stay after the end of their job.</param>
    public static IServiceCollection AddSweeps(this IServiceCollection services, TimeSpan retention) => services
        .AddHostedService(provider => ActivatorUtilities.CreateInstance<JobSweep>(provider, retention))
        .AddHostedService(provider => ActivatorUtilities.CreateInstance<PictureSweep>(provider, new SweepChoice(retention)));

    /// <summary>Has usage forgotten that is too old.</summary>
    public static IServiceCollection AddUsageSweep(this IServiceCollection services) => services.AddHostedService<UsageSweep>();

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
