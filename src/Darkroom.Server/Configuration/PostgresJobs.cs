using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Workers;
using Darkroom.Storage.Files;
using Darkroom.Storage.Keeping;
using Darkroom.Storage.Postgres;
using Darkroom.Storage.S3;

namespace Darkroom.Server.Configuration;

/// <summary>The jobs of a database that several processes share.</summary>
internal static class PostgresJobs
{
    /// <summary>How long the database may take to answer at the start: both may have been started together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="SettingsException">Another version, or another program, has the database.</exception>
    /// <exception cref="StoreException">It cannot be reached.</exception>
    public static void Add(IServiceCollection services, DarkroomSettings settings)
    {
        // Now: a server that cannot keep jobs does not begin to start.
        var jobs = OpenAsync(settings.Postgres!, ProcessTime.Of(services)).GetAwaiter().GetResult();
        services.AddSingleton(provider =>
        {
            if (settings.Role != Role.Api) jobs.Scope = provider.GetRequiredService<IClaimCheck>();
            return jobs;
        });
        services.AddSingleton<IJobStore>(provider => provider.GetRequiredService<PostgresJobStore>());
        services.AddSingleton<IStoreHealth>(provider => provider.GetRequiredService<PostgresJobStore>());
        services.AddSingleton<IPreviewBoard>(provider => new RelayedPreviewBoard(
            provider.GetRequiredService<PostgresJobStore>().CarryPreviews(FilesOf(provider, settings), provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<PostgresJobStore>().Usage);
        services.AddSingleton(provider => provider.GetRequiredService<PostgresJobStore>().Secrets);
        services.AddSingleton<IWorkerBoard>(provider => provider.GetRequiredService<PostgresJobStore>().Workers);
    }

    private static IPreviewFiles FilesOf(IServiceProvider provider, DarkroomSettings settings) => settings.Artifacts == ArtifactKind.S3
        ? new S3PreviewFiles(provider.GetRequiredService<S3Bucket>()) : new FolderPreviewFiles(Path.Combine(settings.DataPath, "previews"));

    private static async Task<PostgresJobStore> OpenAsync(string connectionString, TimeProvider time)
    {
        long began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await PostgresJobStore.OpenAsync(new PostgresOptions { ConnectionString = connectionString }, time, CancellationToken.None);
            }
            catch (StoreException away) when (away.Fault == StoreFault.Unavailable && time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, time);
            }
            catch (StoreException fault) when (fault.Fault != StoreFault.Unavailable)
            {
                throw new SettingsException(fault.Message);
            }
        }
    }
}
