using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/samplers</c> and <c>/v1/schedules</c>.</summary>
internal static class Samplers
{
    private static readonly SamplerList All = new([.. SamplerCatalog.All.Select(SamplerEntry.Of)]);
    private static readonly ScheduleList Schedules = new([.. ScheduleCatalog.All.Select(ScheduleEntry.Of)]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/samplers", (Delegate)SamplersAsync).WithTags("Discovery").WithName("listSamplers")
            .WithSummary("Every sampler, with the schedules that have a meaning with it.")
            .WithDescription("What the field sampler takes: a name, or one of its aliases in AUTOMATIC1111, diffusers and ComfyUI.").Answers<SamplerList>();
        routes.MapGet("/v1/schedules", (Delegate)SchedulesAsync).WithTags("Discovery").WithName("listSchedules")
            .WithSummary("Every noise schedule.").WithDescription("What the field schedule takes: a name, or one of its aliases.").Answers<ScheduleList>();
    }

    private static Task SamplersAsync(HttpContext context) => JsonResponse.WriteAsync(context, All, WireJson.Wire.SamplerList);

    private static Task SchedulesAsync(HttpContext context) => JsonResponse.WriteAsync(context, Schedules, WireJson.Wire.ScheduleList);
}
