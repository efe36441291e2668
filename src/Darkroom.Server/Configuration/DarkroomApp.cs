using Darkroom.Server.Health;
using Darkroom.Server.Logging;
using Darkroom.Server.Native;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Configuration;

/// <summary>The way of a request, and every address.</summary>
internal static class DarkroomApp
{
    public static WebApplication MapDarkroom(this WebApplication app)
    {
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<UnhandledFailures>();
        app.UseStatusCodePages(BareStatuses.WriteAsync);
        app.UseRouting();
        app.MapDarkroomOpenApi();

        app.MapNative();
        HealthEndpoints.Map(app);
        Health.Version.Map(app);
        return app;
    }
}
