using Darkroom.Engine.Execution;
using Darkroom.Server.Health;
using Darkroom.Server.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Darkroom.Server.Configuration;

/// <summary>Builds the process: with the listener for <c>serve</c>, without for the other commands.</summary>
internal static class DarkroomHost
{
    public const string DefaultAddress = "http://127.0.0.1:8080";

    // Every route has a smaller bound of its own, and answers in its own words.
    private const long MaxBody = BodyBytes.MaxWithPictures + 2L * BodyBytes.Discarded;

    // One that only follows a job takes 16 KiB, as `bench faults --only sockets` measures it.
    private const long BytesOfConnection = 16 * 1024;

    // Each takes a descriptor and some memory; what the process itself needs is left to it.
    private static long MaxConnections => Math.Clamp(
        Math.Min((Descriptors.Limit ?? long.MaxValue) - Descriptors.Min, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 20 / BytesOfConnection), 32, 12_000);

    /// <exception cref="SettingsException">The settings are wrong.</exception>
    public static WebApplication BuildServer(ServerOptions options)
    {
        var builder = Begin(options);
        builder.Logging.ClearProviders();
        var settings = StartChecks.Run(builder.Configuration, options.Home);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Limits);
        if (ListenAddresses.Of(builder.Configuration).Count == 0) builder.WebHost.UseUrls(DefaultAddress);
        builder.Services.AddDarkroom(builder.Configuration, settings, options)
            .AddDarkroomHttp(builder.Configuration, settings, StartChecks.MayBeOpen(builder.Configuration, settings));
        var app = builder.Build();
        // The default model's graphs take as long to open as the rest of the start, which therefore goes on beside them.
        _ = Task.Run(() => app.Services.GetService<ModelPreload>()?.Begin());
        return app.MapDarkroom(settings);
    }

    /// <summary>The configuration that a server would start with, and nothing else of it.</summary>
    /// <exception cref="SettingsException">The file of the settings cannot be read.</exception>
    public static IConfigurationRoot ReadConfiguration(ServerOptions options) => Begin(options).Configuration;

    /// <summary>The settings alone, for commands that need nothing else.</summary>
    /// <exception cref="SettingsException">The settings are wrong.</exception>
    public static DarkroomSettings ReadSettings(ServerOptions options)
    {
        var configuration = new ConfigurationManager();
        Add(configuration, options);
        return SettingsTable.Read(configuration, options.Home);
    }

    /// <summary>Where a server with these settings is reached from this machine.</summary>
    public static string ReadAddress(ServerOptions options)
    {
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile(Path.Combine(options.Home, Home.SettingsFile), optional: true)
            .AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddInMemoryCollection(options.Overrides);
        var address = ListenAddresses.Of(configuration).FirstOrDefault() ?? DefaultAddress;
        foreach (var every in (string[])["//*", "//+", "//0.0.0.0", "//[::]"]) address = address.Replace(every, "//127.0.0.1", StringComparison.Ordinal);
        return address;
    }

    /// <exception cref="SettingsException">The settings are wrong.</exception>
    public static IHost BuildWorker(ServerOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = options.Home });
        Add(builder.Configuration, options);
        // A command's jobs end with it, and the data folder may be a running server's.
        var settings = SettingsTable.Read(builder.Configuration, options.Home) with
        {
            Store = StoreKind.Memory, Role = Role.All, Artifacts = ArtifactKind.Files,
        };
        builder.Services.AddDarkroom(builder.Configuration, settings, options);
        return builder.Build();
    }

    private static WebApplicationBuilder Begin(ServerOptions options) => OrFault(() =>
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = options.Home });
        builder.Configuration.AddInMemoryCollection(options.Overrides);
        return builder;
    });

    private static void Add(IConfigurationBuilder configuration, ServerOptions options) => OrFault(() =>
        configuration.AddJsonFile(Path.Combine(options.Home, Home.SettingsFile), optional: true)
            .AddEnvironmentVariables().AddInMemoryCollection(options.Overrides));

    private static T OrFault<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException wrong) // the inner one has the line
        {
            throw new SettingsException($"{wrong.Message} {wrong.GetBaseException().Message}".ReplaceLineEndings(" "));
        }
    }

    private static void Limits(KestrelServerOptions kestrel)
    {
        var limits = kestrel.Limits;
        kestrel.AddServerHeader = false;
        limits.MaxRequestBodySize = MaxBody;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        // A body's room is taken while it arrives: who sends a byte a minute must not keep it.
        limits.MinRequestBodyDataRate = new(1024, TimeSpan.FromSeconds(10));
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0; // there are no web sockets
        limits.Http2.MaxStreamsPerConnection = 100;
    }
}
