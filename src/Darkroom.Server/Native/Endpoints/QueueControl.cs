using Darkroom.Engine.Queue;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>POST /v1/queue/pause</c> and <c>/v1/queue/resume</c>: waiting jobs stay where they are, or go on.</summary>
internal static class QueueControl
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "pause", paused: true, "Has waiting jobs stay in the queue.", "After a restart too. What runs goes on, and new jobs are accepted.");
        Map(routes, "resume", paused: false, "Lets waiting jobs run again.", "Where the queue was not paused nothing changes.");
    }

    private static void Map(IEndpointRouteBuilder routes, string verb, bool paused, string summary, string about) =>
        routes.MapPost("/v1/queue/" + verb, async (HttpContext context, IGenerationQueue queue) =>
        {
            await queue.SetPausedAsync(paused, context.RequestAborted);
            await JsonResponse.WriteAsync(context, new QueueAnswer(queue.IsPaused), WireJson.Wire.QueueAnswer);
        }).WithTags("Jobs").WithName(verb + "Queue").WithSummary(summary).WithDescription(about).Answers<QueueAnswer>()
        .Fails(ProblemType.StorageFull);
}
