using Darkroom.Server.Automatic1111;
using Darkroom.Server.Health;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native;
using Darkroom.Server.OpenAi;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Operation;
using Darkroom.Server.Playground;
using Darkroom.Server.Problems;
using Darkroom.Server.Security;
using Darkroom.Server.Security.Access;
using Darkroom.Server.Telemetry;

namespace Darkroom.Server.Configuration;

/// <summary>The way of a request, and every address.</summary>
internal static class DarkroomApp
{
    public static WebApplication MapDarkroom(this WebApplication app, DarkroomSettings settings)
    {
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<UnhandledFailures>();
        app.UseRequestGuard(settings.Hosts, settings.Proxies, settings.CorsOrigins, OpenApiSetup.Page);
        app.UseStatusCodePages(BareStatuses.WriteAsync);
        app.UseRouting();
        app.UseCrossOrigin(settings.CorsOrigins);
        app.UseKeys(OpenApiSetup.Page);

        var addresses = app.MapReadable().MapByAccess();
        if (settings.Role != Role.Worker) // it takes no requests
        {
            app.MapDarkroomOpenApi(addresses);
            addresses.MapNative();
            if (settings.HasAutomatic1111) addresses.MapAutomatic1111();
            if (settings.OpenAi.Enabled) addresses.MapOpenAi();
        }
        HealthEndpoints.Map(addresses);
        OperationEndpoints.Map(addresses);
        addresses.MapDarkroomTelemetry();
        Health.Version.Map(addresses);
        PlaygroundPage.Map(addresses, settings is { HasPlayground: true, Role: not Role.Worker }, Health.Version.WelcomeAsync);
        return app;
    }
}
