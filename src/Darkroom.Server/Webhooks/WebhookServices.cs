using Darkroom.Engine.Queue;
using Darkroom.Server.Logging;
using Darkroom.Server.Security.Outbound;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Darkroom.Server.Webhooks;

/// <summary>What telling receivers consists of.</summary>
internal static class WebhookServices
{
    /// <param name="services">Of the server.</param>
    /// <param name="settings">Of webhooks; where they are off nothing is added and nothing made.</param>
    /// <param name="dataPath">Folder of the secret, where the settings have none.</param>
    /// <exception cref="InvalidDataException">The secret cannot be read or made.</exception>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, WebhookSettings settings, string dataPath)
    {
        if (settings.Allowed.IsNone) return services;
        var (secrets, madeAt) = settings.Secrets is { } given ? (given, null) : WebhookSecretFile.Open(dataPath);
        services.TryAddSingleton<INameResolver, SystemNames>();
        services.TryAddSingleton<WebhookPace>();
        // The store that commits the ends has them in its outbox.
        services.TryAddSingleton(provider => (IWebhookOutbox)provider.GetRequiredService<IJobStore>());
        services.AddSingleton(new WebhookSigner(secrets)).AddSingleton<Receivers>().AddSingleton<WebhookTelemetry>();
        services.AddSingleton(provider => new WebhookSender(
            OutboundHttp.Create(settings.Allowed, provider.GetRequiredService<INameResolver>()), settings.Allowed,
            provider.GetRequiredService<WebhookSigner>(), SteadyTime.WallOf(provider.GetRequiredService<TimeProvider>()))); // receivers compare with theirs
        services.AddHostedService(provider =>
        {
            if (madeAt is not null) ServerEvents.WebhookSecretMade(provider.GetRequiredService<ILogger<WebhookDispatcher>>(), madeAt);
            return ActivatorUtilities.CreateInstance<WebhookDispatcher>(provider);
        });
        return services;
    }
}
