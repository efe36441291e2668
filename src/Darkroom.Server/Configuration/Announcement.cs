using System.Diagnostics.Metrics;
using Darkroom.Models.Catalog;
using Darkroom.Server.Health;
using Darkroom.Server.Logging;
using Darkroom.Server.Security.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Darkroom.Server.Configuration;

/// <summary>Says at the start where the server listens and which models cannot be used.</summary>
internal sealed class Announcement(
    IServer server, IModelDirectory models, DarkroomSettings settings, HealthWarnings warnings, IMeterFactory meters, IHostApplicationLifetime lifetime,
    KeyRing keys, ILogger<Announcement> logger) : IHostedService
{
    private bool isOpen;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        isOpen = await keys.IsOpenAsync(cancellationToken);
        // Addresses are known once the listener has started, which is after every hosted service.
        lifetime.ApplicationStarted.Register(Announce);
        Descriptors.Measure(meters);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        ServerEvents.Listening(logger, Health.Version.Current.Version, string.Join(", ", addresses), settings.ModelsPath);
        ServerEvents.DescriptorsInUse(logger, Descriptors.CountOpen(), Descriptors.Limit);
        foreach (var address in addresses)
            if (isOpen && ListenAddresses.IsOpen(address))
                ServerEvents.OpenAddress(logger, address);
        foreach (var warning in warnings.Now) ServerEvents.StartWarning(logger, warning);
        foreach (var model in models.All)
            if (model.Fault is { } fault)
                ServerEvents.ModelFault(logger, model.Id, fault);
    }
}
