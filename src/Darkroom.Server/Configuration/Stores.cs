using Darkroom.Engine;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Files;
using Darkroom.Storage.Memory;
using Darkroom.Storage.S3;
using Darkroom.Storage.Sqlite;

namespace Darkroom.Server.Configuration;

/// <summary>Which stores stand behind the engine's ports.</summary>
internal static class Stores
{
    private const int MiB = 1024 * 1024;

    /// <exception cref="SettingsException">The data folder cannot be used; the message says why.</exception>
    public static void Add(IServiceCollection services, DarkroomSettings settings)
    {
        AddJobs(services, settings);
        if (settings.Role != Role.Worker) services.AddUsageSweep();
        if (settings.Artifacts == ArtifactKind.S3) AddObjects(services, settings);
        else if (settings.Store == StoreKind.Memory) AddMemory(services, settings);
        else AddFiles(services, settings);
        // Keys say how long their callers' pictures are kept, and workers have none.
        if ((settings.Store != StoreKind.Memory || settings.Artifacts == ArtifactKind.S3) && settings.Role != Role.Worker)
            services.AddSweeps(settings.Retention);
    }

    private static void AddJobs(IServiceCollection services, DarkroomSettings settings)
    {
        if (settings.Store == StoreKind.Memory)
        {
            services.AddSingleton<IJobStore>(provider => new MemoryJobStore(provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton(provider => (IUsageBook)provider.GetRequiredService<IJobStore>());
            return;
        }
        if (settings.Store == StoreKind.Postgres)
        {
            PostgresJobs.Add(services, settings);
            return;
        }
        var jobs = Open(settings.DataPath, ProcessTime.Of(services)); // now: a server that cannot keep jobs does not begin to start
        services.AddSingleton<IUsageBook>(_ => jobs);
        services.AddSingleton<IJobStore>(_ => jobs); // made here and disposed of by the container
    }

    private static void AddMemory(IServiceCollection services, DarkroomSettings settings)
    {
        services.AddSingleton<IArtifactStore>(provider => new MemoryArtifactStore(
            provider.GetRequiredService<IIdSource>(), (long)settings.PictureMemoryMiB * MiB, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IInputStore>(provider => new MemoryInputStore(
            provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<InputMemory>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddFiles(IServiceCollection services, DarkroomSettings settings)
    {
        var limits = new FilePictureLimits { Retention = settings.Retention, CapacityBytes = (long)settings.PictureDiskMiB * MiB };
        services.AddSingleton<IArtifactStore>(provider => new FileArtifactStore(
            Path.Combine(settings.DataPath, "pictures"), provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<TimeProvider>(), limits));
        services.AddSingleton<IInputStore>(provider => new FileInputStore(
            Path.Combine(settings.DataPath, "inputs"), provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddObjects(IServiceCollection services, DarkroomSettings settings)
    {
        services.AddSingleton(provider => new S3Bucket(settings.S3!, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IStoreHealth>(provider => provider.GetRequiredService<S3Bucket>());
        services.AddSingleton<IArtifactStore>(provider => new S3ArtifactStore(
            provider.GetRequiredService<S3Bucket>(), provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<TimeProvider>(),
            settings.Retention, Path.Combine(settings.DataPath, "spool")));
        services.AddSingleton<IInputStore>(provider => new S3InputStore(
            provider.GetRequiredService<S3Bucket>(), provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static SqliteJobStore Open(string folder, TimeProvider time)
    {
        try
        {
            return SqliteJobStore.Open(folder, time);
        }
        catch (StoreException fault) when (fault.Fault != StoreFault.Full) // another start may find room
        {
            throw new SettingsException(fault.Message);
        }
    }
}
