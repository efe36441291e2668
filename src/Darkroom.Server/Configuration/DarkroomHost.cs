using Darkroom.Server.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Darkroom.Server.Configuration;

/// <summary>Builds the process: with the listener for <c>serve</c>, without for the other commands.</summary>
internal static class DarkroomHost
{
    public const string DefaultAddress = "http://127.0.0.1:8080";

    // Every route has a smaller bound of its own, and answers in its own words.
    private const long MaxBody = BodyBytes.MaxWithPictures + 2L * BodyBytes.Discarded;

    /// <exception cref="SettingsException">The settings are wrong.</exception>
    public static WebApplication BuildServer(ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = options.Home });
        builder.Configuration.AddInMemoryCollection(options.Overrides);
        builder.Logging.ClearProviders();
        var settings = SettingsTable.Read(builder.Configuration, options.Home);
        StartChecks.Run(builder.Configuration, settings);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Limits);
        if (ListenAddresses.Of(builder.Configuration).Count == 0) builder.WebHost.UseUrls(DefaultAddress);
        builder.Services.AddDarkroom(builder.Configuration, settings, options).AddDarkroomHttp(settings);
        return builder.Build().MapDarkroom(settings);
    }

    /// <exception cref="SettingsException">The settings are wrong.</exception>
    public static IHost BuildWorker(ServerOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = options.Home });
        builder.Configuration.AddJsonFile(Path.Combine(options.Home, Home.SettingsFile), optional: true)
            .AddEnvironmentVariables().AddInMemoryCollection(options.Overrides);
        var settings = SettingsTable.Read(builder.Configuration, options.Home);
        builder.Services.AddDarkroom(builder.Configuration, settings, options);
        return builder.Build();
    }

    private static void Limits(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
    }
}
