using Darkroom.Server.Automatic1111.Answers;
using Darkroom.Server.Automatic1111.Endpoints;
using Darkroom.Server.Automatic1111.Calls;
using Darkroom.Server.Automatic1111.Extras;
using Darkroom.Server.Automatic1111.Lists;
using Darkroom.Server.Automatic1111.Options;
using Darkroom.Server.Automatic1111.Reading;
using Darkroom.Server.Automatic1111.Styles;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Automatic1111;

/// <summary>
/// The surface of <c>/sdapi/v1</c> and <c>/internal</c> for clients of AUTOMATIC1111's web UI: an adapter onto the same core as the native one.
/// </summary>
internal static class Automatic1111Surface
{
    /// <param name="services">Of the server.</param>
    /// <param name="models">The models path.</param>
    /// <param name="styles">The file of styles; null: the one in the models path, where there is one.</param>
    public static IServiceCollection AddAutomatic1111(this IServiceCollection services, string models, string? styles) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<StyleBook>(provider, styles ?? Path.Combine(models, StyleFile.Name), styles is not null))
        .AddSingleton<OptionStore>().AddSingleton<IProblemForm, ErrorForm>().AddSingleton<TaskReader>().AddSingleton<PictureCalls>()
        .AddSingleton<CallAnswer>().AddSingleton<PictureTasks>().AddSingleton<ExtrasRun>();

    public static void MapAutomatic1111(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<StyleBook>().Current(); // what is wrong with the file is told at the start
        var addresses = routes.MapGroup("");
        ((IEndpointConventionBuilder)addresses).ExcludeFromDescription(); // its documents are AUTOMATIC1111's own
        Ping.Map(addresses);
        PictureTasks.Map(addresses);
        CallControl.Map(addresses);
        CallProgress.Map(addresses);
        OptionEndpoints.Map(addresses);
        ListEndpoints.Map(addresses);
        ExtrasEndpoints.Map(addresses);
        PngInfoEndpoint.Map(addresses);
    }
}
