using System.Diagnostics.Metrics;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Server.Webhooks;
using Darkroom.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Darkroom.Server.Tests.Telemetry;

/// <summary>
/// The server's own metrics are those of <c>docs/metrics.md</c>. Where they are meant to change, run once with DARKROOM_APPROVE=1 and review the difference.
/// </summary>
public sealed class ServerMetricTests
{
    private static readonly string[] Others = ["http.", "kestrel.", "aspnetcore.", "signalr.", "dns.", "process.", "dotnet.", "db."];

    [Fact]
    public async Task Document_has_the_servers_metrics()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "File descriptors are counted on Linux alone.");
        using var sheet = new MetricSheet();
        var keys = new TestKeys();
        await keys.AddAsync("alice");
        await using (var server = await RunningServer.StartAsync(
            services => services.Replace(ServiceDescriptor.Singleton<IMeterFactory>(sheet)), null, keys.Setting))
        {
            using (await server.GetAsync("/v1/jobs", null)) { } // refused
            server.App.Services.GetRequiredService<EventStreams>(); // else made for the first who follows a job
            new WebhookTelemetry(sheet).Delivered();
        }
        var (wanted, found) = sheet.Section("The server", Others);
        Assert.Equal(wanted, found);
    }
}
