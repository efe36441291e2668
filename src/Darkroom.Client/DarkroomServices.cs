using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Darkroom.Client;

/// <summary>The client as a service.</summary>
public static class DarkroomServices
{
    private const string Default = "Darkroom";

    /// <summary>Adds <see cref="DarkroomClient"/> as a singleton over <see cref="IHttpClientFactory"/>.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="configure">Sets its options.</param>
    /// <returns>For handlers of the client's connections. No retries need to be added: the client has its own.</returns>
    public static IHttpClientBuilder AddDarkroomClient(this IServiceCollection services, Action<DarkroomClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(static provider => Of(provider, Options.DefaultName, Default));
        return Add(services, Options.DefaultName, Default, configure);
    }

    /// <summary>The same, from a connection string.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="connectionString"><c>Endpoint=http://127.0.0.1:8080;Key=…</c>, or an address alone.</param>
    /// <param name="configure">Sets further options; null: none.</param>
    /// <exception cref="FormatException">The text is no connection string.</exception>
    public static IHttpClientBuilder AddDarkroomClient(
        this IServiceCollection services, string connectionString, Action<DarkroomClientOptions>? configure = null)
    {
        var parsed = DarkroomClientOptions.Parse(connectionString);
        return services.AddDarkroomClient(options =>
        {
            (options.BaseAddress, options.ApiKey) = (parsed.BaseAddress, parsed.ApiKey);
            configure?.Invoke(options);
        });
    }

    /// <summary>Adds a client of a further server as a keyed singleton: <c>[FromKeyedServices("name")] DarkroomClient</c>.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="name">Its key, and the name of its options.</param>
    /// <param name="configure">Sets its options.</param>
    public static IHttpClientBuilder AddKeyedDarkroomClient(this IServiceCollection services, string name, Action<DarkroomClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        var http = $"{Default}.{name}";
        services.TryAddKeyedSingleton(name, (provider, _) => Of(provider, name, http));
        return Add(services, name, http, configure);
    }

    /// <summary>Adds <c>IImageGenerator</c> of Microsoft.Extensions.AI over the client that was added.</summary>
    /// <param name="services">Where it is added.</param>
    /// <param name="defaultModelId">The model of requests that name none; null: the server's default.</param>
    public static IServiceCollection AddDarkroomImageGenerator(this IServiceCollection services, string? defaultModelId = null)
    {
        ArgumentNullException.ThrowIfNull(services);
#pragma warning disable MEAI001 // IImageGenerator may still change; that it is there is the point of this method.
        services.TryAddSingleton<IImageGenerator>(provider => new DarkroomImageGenerator(provider.GetRequiredService<DarkroomClient>(), defaultModelId));
#pragma warning restore MEAI001
        return services;
    }

    private static IHttpClientBuilder Add(IServiceCollection services, string name, string http, Action<DarkroomClientOptions> configure)
    {
        services.AddOptions<DarkroomClientOptions>(name).Configure(configure);
        // The client lives as long as the program: its connections are renewed instead of the handler. A try's time is the client's to bound.
        return services.AddHttpClient(http, static client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler(static (handler, _) => (handler.PooledConnectionLifetime, handler.AllowAutoRedirect) = (TimeSpan.FromMinutes(5), false))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }

    private static DarkroomClient Of(IServiceProvider provider, string name, string http) => new(
        provider.GetRequiredService<IHttpClientFactory>().CreateClient(http),
        provider.GetRequiredService<IOptionsMonitor<DarkroomClientOptions>>().Get(name));
}
