using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Server.Endpoints;
using Darkroom.Server.Health;
using Darkroom.Server.Logging;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Validation;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Darkroom.Server.Configuration;

/// <summary>What Darkroom consists of.</summary>
internal static class DarkroomServices
{
    /// <summary>Everything that the server and the commands share.</summary>
    public static IServiceCollection AddDarkroom(this IServiceCollection services, IConfiguration configuration, DarkroomSettings settings, ServerOptions options)
    {
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISeedSource, RandomSeeds>();
        services.AddSingleton<GenerationValidation>().AddSingleton<UpscaleValidation>();
        services.AddDarkroomLogging(configuration, settings, options.Interactive);
        options.Rooms(services, settings);
        return services;
    }

    /// <summary>What only a server needs.</summary>
    public static IServiceCollection AddDarkroomHttp(this IServiceCollection services, DarkroomSettings settings)
    {
        services.AddSingleton<Generation>().AddSingleton<PictureIntake>().TryAddSingleton(new DecodedPictures());
        services.AddSingleton<JobAnswers>().AddSingleton<JobFeed>().AddSingleton<JobEventStream>().AddSingleton<EventStreams>();
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHostedService<Signals>();
        services.AddHostedService<Announcement>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain.Longest(settings));
        services.AddDarkroomOpenApi();
        return services;
    }
}
