using Darkroom.Engine;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Files;
using Darkroom.Storage.Memory;
using Darkroom.Storage.Sqlite;

namespace Darkroom.Server.Configuration;

/// <summary>Which stores stand behind the engine's ports.</summary>
internal static class Stores
{
    private const int MiB = 1024 * 1024;

    /// <exception cref="SettingsException">The data folder cannot be used; the message says why.</exception>
    public static void Add(IServiceCollection services, DarkroomSettings settings)
    {
        if (settings.Store == StoreKind.Memory) AddMemory(services, settings);
        else AddSqlite(services, settings);
    }

    private static void AddMemory(IServiceCollection services, DarkroomSettings settings)
    {
        services.AddSingleton<IJobStore>(provider => new MemoryJobStore(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IArtifactStore>(provider =>
            new MemoryArtifactStore(provider.GetRequiredService<IIdSource>(), (long)settings.PictureMemoryMiB * MiB));
        services.AddSingleton<IInputStore>(provider => new MemoryInputStore(
            provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<InputMemory>()));
    }

    private static void AddSqlite(IServiceCollection services, DarkroomSettings settings)
    {
        var jobs = Open(settings.DataPath); // now: a server that cannot keep jobs does not begin to start
        var limits = new FilePictureLimits { Retention = settings.Retention, CapacityBytes = (long)settings.PictureDiskMiB * MiB };
        services.AddSingleton<IJobStore>(_ => jobs); // made here and disposed of by the container
        services.AddSingleton<IArtifactStore>(provider => new FileArtifactStore(
            Path.Combine(settings.DataPath, "pictures"), provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<TimeProvider>(), limits));
        services.AddSingleton<IInputStore>(provider => new FileInputStore(
            Path.Combine(settings.DataPath, "inputs"), provider.GetRequiredService<IIdSource>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSweeps(settings.Retention);
    }

    private static SqliteJobStore Open(string folder)
    {
        try
        {
            return SqliteJobStore.Open(folder, TimeProvider.System);
        }
        catch (StoreException fault)
        {
            throw new SettingsException(fault.Message);
        }
    }
}
