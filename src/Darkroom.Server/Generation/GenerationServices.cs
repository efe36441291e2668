using Darkroom.Engine.Artifacts;
using Darkroom.Server.Generation.Validation;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Darkroom.Server.Generation;

/// <summary>What the core consists of. It stands on the engine's ports, which are added elsewhere.</summary>
internal static class GenerationServices
{
    /// <param name="services">Of the server or of a command.</param>
    /// <param name="drainTimeout">What a shutdown leaves running work.</param>
    public static IServiceCollection AddGeneration(this IServiceCollection services, TimeSpan drainTimeout)
    {
        services.TryAddSingleton<ISeedSource, RandomSeeds>();
        services.TryAddSingleton(new DecodedPictures());
        return services.AddSingleton<AddedParts>()
            .AddSingleton<GenerationValidation>().AddSingleton<UpscaleValidation>().AddSingleton<LookValidation>()
            .AddSingleton<PictureIntake>().AddSingleton<Generator>()
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<Drain>(provider, drainTimeout));
    }
}
