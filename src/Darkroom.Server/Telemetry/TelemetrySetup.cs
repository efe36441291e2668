using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Darkroom.Server.Logging;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Darkroom.Server.Telemetry;

/// <summary>
/// Metrics for Prometheus at <c>/metrics</c>, and metrics and traces for a collector where the environment names one by OpenTelemetry's own variables
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its like).
/// </summary>
internal static class TelemetrySetup
{
    public const string Path = "/metrics";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", ServiceName = "OTEL_SERVICE_NAME";

    private static readonly string[] Meters =
        ["Darkroom.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql"];

    public static IServiceCollection AddDarkroomTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        bool Has(string name) => !string.IsNullOrEmpty(configuration[Endpoint]) || !string.IsNullOrEmpty(configuration[name]);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                configuration[ServiceName] is { Length: > 0 } named ? named : "darkroom", serviceVersion: Health.Version.Current.Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter();
                if (Has(MetricsEndpoint)) metrics.AddOtlpExporter();
            });
        if (Has(TracesEndpoint))
            telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation(Requests).AddSource("Darkroom.*").AddOtlpExporter());
        services.AddHostedService<BuildMeter>();
        return services;
    }

    /// <summary>Nobody wants traces of probes and scrapes; and an address may be anything that a caller typed, so that a span has the route alone.</summary>
    private static void Requests(AspNetCoreTraceInstrumentationOptions requests)
    {
        requests.Filter = context => context.Request.Path.Value is not ("/livez" or "/readyz" or Path);
        requests.EnrichWithHttpResponse = (span, response) => span
            .SetTag("url.path", (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText).SetTag("url.query", null)
            .SetTag("darkroom.request.id", response.HttpContext.TraceIdentifier).SetTag("darkroom.job.id", JobIds.Of(response.HttpContext));
    }

    public static void MapDarkroomTelemetry(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint(Path).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).ExcludeFromDescription();

    /// <summary>Tells which build runs.</summary>
    private sealed class BuildMeter : IHostedService
    {
        public BuildMeter(IMeterFactory meters) => meters.Create("Darkroom.Server").CreateObservableUpDownCounter(
            "darkroom.build.info",
            () => new Measurement<int>(1, new("version", Health.Version.Current.Version), new("runtime", RuntimeInformation.FrameworkDescription)),
            "{build}", "1, with what is running.");

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
