using Darkroom.Engine.Queue;
using Darkroom.Server.OpenAi.Addresses;
using Darkroom.Server.OpenAi.Answers;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.OpenAi.Endpoints;
using Darkroom.Server.Problems;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Darkroom.Server.OpenAi;

/// <summary>OpenAI's images API, for clients that know no other: what it consists of, and its addresses.</summary>
internal static class OpenAiSurface
{
    /// <summary>Of its operations in the OpenAPI document.</summary>
    public const string Tag = OpenApi.Tags.OpenAi;

    /// <param name="services">Of the server.</param>
    /// <param name="settings">Of the surface; where it is off nothing is added.</param>
    /// <param name="secretFolder">Where secrets are kept unless a store of jobs shares them; null: with the process.</param>
    public static IServiceCollection AddOpenAi(this IServiceCollection services, OpenAiSettings settings, string? secretFolder)
    {
        if (!settings.Enabled) return services;
        services.TryAddSingleton<ISharedSecrets>(new OwnSecrets(secretFolder));
        return services.AddSingleton(settings).AddSingleton<IProblemForm, OpenAiErrors>()
            .AddSingleton(provider => new PictureAddresses(
                // Other nodes compare with their clocks.
                provider.GetRequiredService<ISharedSecrets>(), SteadyTime.WallOf(provider.GetRequiredService<TimeProvider>())))
            .AddSingleton<ImagesResponse>().AddSingleton<ImageStream>().AddSingleton<OpenAiGeneration>();
    }

    public static void MapOpenAi(this IEndpointRouteBuilder routes)
    {
        ImageTasks.Map(routes);
        SignedPictures.Map(routes);
    }
}
