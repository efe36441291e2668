using Darkroom.Server.Endpoints;
using Darkroom.Server.Health;
using Darkroom.Server.Logging;
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

        GenerationTasks.Map(app);
        PngInfo.Map(app);
        Jobs.Map(app);
        JobEvents.Map(app);
        Images.Map(app);
        Endpoints.Models.Map(app);
        Samplers.Map(app);
        Upscalers.Map(app);
        HealthEndpoints.Map(app);
        Endpoints.Version.Map(app);
        return app;
    }
}
