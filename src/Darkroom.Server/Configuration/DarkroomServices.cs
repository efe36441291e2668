using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Readings;
using Darkroom.Models.Catalog;
using Darkroom.Server.Automatic1111;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Health;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native;
using Darkroom.Server.OpenAi;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Operation;
using Darkroom.Server.Security.Access;
using Darkroom.Server.Telemetry;
using Darkroom.Server.Verification;
using Darkroom.Server.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;

namespace Darkroom.Server.Configuration;

/// <summary>What Darkroom consists of.</summary>
internal static class DarkroomServices
{
    /// <summary>Everything that the server and the commands share.</summary>
    public static IServiceCollection AddDarkroom(
        this IServiceCollection services, IConfiguration configuration, DarkroomSettings settings, ServerOptions options)
    {
        services.AddSingleton(settings).AddSingleton(settings.Limits);
        ProcessTime.Add(services);
        services.AddSingleton(new InputMemory((long)settings.InputMemoryMiB * 1024 * 1024));
        services.AddSingleton(new DecodeMemory(settings.Engine.Memory.DecodeBytes));
        var allowed = settings.Webhooks.Allowed;
        services.AddSingleton(new WebhookRules(allowed.IsNone ? null : allowed.Find));
        services.AddGeneration(settings.DrainTimeout);
        services.AddSingleton<VerifyOrders>();
        services.AddDarkroomLogging(configuration, settings.LogFormat, options.Interactive);
        options.Rooms(services, settings);
        return services;
    }

    /// <summary>What only a server needs.</summary>
    /// <param name="services">Of the server.</param>
    /// <param name="configuration">With OpenTelemetry's own variables.</param>
    /// <param name="settings">All of them.</param>
    /// <param name="mayBeOpen">Whether it lets everybody in while there are no keys.</param>
    public static IServiceCollection AddDarkroomHttp(this IServiceCollection services, IConfiguration configuration, DarkroomSettings settings, bool mayBeOpen)
    {
        services.AddKeys(settings.DataPath, settings.OwnKeys, mayBeOpen);
        services.AddCrossOrigin(settings.CorsOrigins);
        services.AddSingleton<JobFeed>().AddNative();
        if (settings.HasAutomatic1111) services.AddAutomatic1111(settings.ModelsPath, settings.StylesPath);
        services.AddOpenAi(settings.OpenAi, settings.Store == StoreKind.Memory ? null : settings.DataPath);
        if (settings.Role != Role.Worker) AddWebhooks(services, settings); // before the way out, which then ends first: ends that it makes are told
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.TryAddSingleton<EngineLifetime>();
        services.AddHostedService<Signals>();
        services.AddSingleton(provider => new HealthWarnings(() => StartChecks.Warnings(settings, provider.GetRequiredService<IModelDirectory>())));
        services.AddSingleton(new NodeTraits(settings.Role != Role.Api));
        services.TryAddSingleton<QueueReadings>();
        services.TryAddSingleton<JobRates>();
        services.AddSingleton(new NodeIdentity(
            settings.Role.ToString().ToLowerInvariant(), SharesQueue: settings.Store == StoreKind.Postgres, settings.Engine.Memory.ProcessBytes));
        services.AddSingleton<StatsReader>();
        bool hasDisk = settings.Store == StoreKind.Sqlite || (settings.Store == StoreKind.Postgres && settings.Artifacts == ArtifactKind.Files);
        services.AddSingleton(provider => new DiskProbe(hasDisk ? settings.DataPath : null, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReadinessChecks>();
        services.AddHostedService<Announcement>();
        AddSystemd(services);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain.MaxTime(settings.DrainTimeout));
        services.AddDarkroomOpenApi(document =>
        {
            NativeDocument.Add(document);
            OpenAiDocument.Add(document);
        });
        services.AddDarkroomTelemetry(configuration);
        return services;
    }

    private static void AddSystemd(IServiceCollection services)
    {
        services.TryAddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddHostedService(provider => new SystemdNotices(
            provider.GetRequiredService<ISystemdNotifier>(), provider.GetRequiredService<Drain>(),
            SystemdNotices.WatchdogOf(Environment.GetEnvironmentVariable), provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SystemdNotices>>()));
    }

    /// <exception cref="SettingsException">The secret in the data folder cannot be used.</exception>
    private static void AddWebhooks(IServiceCollection services, DarkroomSettings settings)
    {
        try
        {
            services.AddWebhooks(settings.Webhooks, settings.DataPath);
        }
        catch (InvalidDataException wrong)
        {
            throw new SettingsException(wrong.Message);
        }
    }
}
