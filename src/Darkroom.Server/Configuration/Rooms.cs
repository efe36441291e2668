using Darkroom.Engine;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs;
using Darkroom.Models.Loras;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Operation;

namespace Darkroom.Server.Configuration;

/// <summary>Which engine, models and stores stand behind the interfaces.</summary>
internal static class Rooms
{
    private const int MiB = 1024 * 1024;

    public static void Add(IServiceCollection services, DarkroomSettings settings)
    {
        Stores.Add(services, settings);
        if (settings.Role == Role.Api)
        {
            services.AddAdmission(settings.Engine).AddWorkerWatch();
            return;
        }
        // Beside what the host still does before it needs them: together a fifth of a second of the start.
        _ = Task.Run(NativeRuntime.Load);
        var hash = new ModelHash(Path.Combine(settings.DataPath, "model-hashes.json"));
        var catalog = Task.Run(() => new ModelCatalog(settings.ModelsPath));
        _ = catalog.ContinueWith(read => Hash(read, hash, settings), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        services.AddSingleton(_ => catalog.GetAwaiter().GetResult());
        services.AddSingleton(hash);
        services.AddSingleton<GraphTelemetry>();
        services.AddSingleton(provider => Devices(settings, provider.GetRequiredService<GraphTelemetry>()));
        services.AddSingleton(provider => Pool(provider, settings));
        services.AddSingleton(provider => new LoraCatalog(settings.ModelsPath, provider.GetRequiredService<ModelHash>()));
        services.AddSingleton(new EmbeddingCatalog(settings.ModelsPath));
        services.AddSingleton(new UpscalerCatalog(settings.ModelsPath));
        services.AddSingleton(provider => new UpscalerPool(
            provider.GetRequiredService<UpscalerCatalog>(), provider.GetRequiredService<ModelHash>(),
            provider.GetRequiredService<IReadOnlyList<DeviceMemory>>()));
        services.AddSingleton(new ControlNetCatalog(settings.ModelsPath));
        services.AddSingleton<IControlNetDirectory>(provider => provider.GetRequiredService<ControlNetCatalog>());
        services.AddSingleton(provider => new ControlNetPool(
            provider.GetRequiredService<ControlNetCatalog>(), provider.GetRequiredService<IReadOnlyList<DeviceMemory>>()));
        services.AddSingleton(provider => new AutoencoderCatalog(settings.ModelsPath, provider.GetRequiredService<ModelHash>()));
        services.AddSingleton(provider => new AutoencoderPool(
            provider.GetRequiredService<AutoencoderCatalog>(), provider.GetRequiredService<IReadOnlyList<DeviceMemory>>()));
        services.AddEngine(settings.Engine with { CostsPath = Path.Combine(settings.DataPath, "call-costs.json") });
        services.AddSingleton<ModelLook>().AddHostedService<ModelWatch>();
        if (settings.Store == StoreKind.Postgres) services.AddWorkerCard();
    }

    /// <summary>The load of the default model begins with its hash: here that is known, or being taken, by then.</summary>
    private static void Hash(Task<ModelCatalog> read, ModelHash hash, DarkroomSettings settings)
    {
        try
        {
            if (read.GetAwaiter().GetResult() is var catalog && catalog.DefaultModel(settings.DefaultModel) is { Fault: null } model)
                hash.Of(catalog.FolderOf(model.Id)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Who needs the catalog or the hash is told.
        }
    }

    /// <summary>Models and upscalers share a device's memory.</summary>
    private static IReadOnlyList<DeviceMemory> Devices(DarkroomSettings settings, GraphTelemetry telemetry)
    {
        var ledger = settings.Engine.Devices.Any(spec => spec.Kind == DeviceSpec.Cpu) ? MemoryLedger.Of(settings.Engine.Memory) : null;
        DeviceMemory[] devices = [.. settings.Engine.Devices.Select(spec => new DeviceMemory(spec, telemetry, ledger))];
        foreach (var device in devices.Where(device => device.Ledger is not null)) ledger!.Add(device);
        return devices;
    }

    private static ModelPool Pool(IServiceProvider provider, DarkroomSettings settings)
    {
        var pool = new ModelPool(
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<ModelHash>(),
            ModelFamilies.Create((long)settings.Engine.ConditioningCacheMiB * MiB, new ProofFile(Path.Combine(settings.DataPath, "graph-proofs.json"))),
            provider.GetRequiredService<IReadOnlyList<DeviceMemory>>(),
            settings.DefaultModel);
        pool.LogLoads(provider.GetRequiredService<ILoggerFactory>());
        return pool;
    }
}
