using Darkroom.Engine.Queue;
using Darkroom.Server.Security.Keys;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Darkroom.Server.Security.Access;

/// <summary>Adds the keys and the gate.</summary>
internal static class AccessSetup
{
    /// <param name="services">Of the server.</param>
    /// <param name="dataPath">Folder of what the server keeps.</param>
    /// <param name="ofSettings">The keys of the settings.</param>
    /// <param name="mayBeOpen">Whether the server is for everybody as long as there are no keys.</param>
    public static void AddKeys(this IServiceCollection services, string dataPath, IReadOnlyList<ApiKey> ofSettings, bool mayBeOpen)
    {
        services.TryAddSingleton<IKeyStore>(provider => new FileKeyStore(
            FileKeyStore.PathIn(dataPath), WallOf(provider), provider.GetRequiredService<ILogger<FileKeyStore>>()));
        services.AddSingleton(provider => new KeyRing(
            provider.GetRequiredService<IKeyStore>(), ofSettings, mayBeOpen, WallOf(provider)));
        services.AddSingleton<IRetention, KeyRetention>();
        services.AddSingleton<FailedAttempts>();
    }

    /// <param name="app">Of the server; its routing stands before this, its endpoints behind.</param>
    /// <param name="pages">Paths of the server's own pages.</param>
    public static void UseKeys(this WebApplication app, params IReadOnlyList<PathString> pages) => app.UseMiddleware<KeyGate>(pages);

    /// <summary>Keys end at dates, and their file has the wall clock's.</summary>
    private static TimeProvider WallOf(IServiceProvider provider) => SteadyTime.WallOf(provider.GetRequiredService<TimeProvider>());
}
