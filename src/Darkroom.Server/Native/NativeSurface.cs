using Darkroom.Server.Native.Answers;
using Darkroom.Server.Native.Endpoints;

namespace Darkroom.Server.Native;

/// <summary>The surface of <c>/v1</c> that all others are measured by: what it consists of, and its addresses.</summary>
internal static class NativeSurface
{
    public static IServiceCollection AddNative(this IServiceCollection services) => services
        .AddSingleton<NativeGeneration>().AddSingleton<GenerationResponse>()
        .AddSingleton<JobAnswers>().AddSingleton<JobEventStream>().AddSingleton<EventStreams>();

    public static void MapNative(this IEndpointRouteBuilder routes)
    {
        GenerationTasks.Map(routes);
        MeasureTasks.Map(routes);
        PngInfo.Map(routes);
        Verify.Map(routes);
        Tokens.Map(routes);
        Jobs.Map(routes);
        JobEvents.Map(routes);
        QueueControl.Map(routes);
        Usage.Map(routes);
        Images.Map(routes);
        Endpoints.Models.Map(routes);
        ModelLoading.Map(routes);
        Devices.Map(routes);
        Samplers.Map(routes);
        Upscalers.Map(routes);
        ControlNets.Map(routes);
        Loras.Map(routes);
        Embeddings.Map(routes);
        Vaes.Map(routes);
    }
}
