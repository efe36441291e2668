using Darkroom.Engine.Queue;
using Darkroom.Server.Logging;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/jobs/{id}/events</c>: what happens to a job, as server-sent events, until it is finished.</summary>
internal static class JobEvents
{
    public const string LastEventId = "Last-Event-ID";

    private const string About =
        "Events queued, started (StandingEvent), progress (ProgressEvent), preview (PreviewEvent, with preview_every above 0), "
        + "then one of succeeded (GenerationAnswer, pictures by address), "
        + "failed, cancelled, expired (ProblemDocument), which ends the stream. "
        + "A reader who comes late gets the newest progress and the end; a slow one skips progress and previews, never the end. "
        + "A comment is sent every 15 seconds. Who goes on after the end gets 204, so that browsers stop asking.";

    private const string AboutData = "The data of an event of a job, by its name: StandingEvent of queued and started, ProgressEvent of progress, "
        + "PreviewEvent of preview, GenerationAnswer (or UpscaleAnswer) of succeeded, ProblemDocument of failed, cancelled and expired.";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/jobs/{id}/events", HandleAsync).WithTags("Jobs").WithName("streamJobEvents")
        .WithSummary("What happens to a job, as server-sent events.").WithDescription(About)
        .TakesId(Jobs.AboutId, Values.Id)
        .TakesHeader(LastEventId, "The last event's id: reading goes on after it.", Values.Text(256))
        .WithMetadata(new AnswersEventStream(NativeDocument.JobEvent, AboutData,
            [typeof(StandingEvent), typeof(ProgressEvent), typeof(PreviewEvent), typeof(GenerationAnswer), typeof(ProblemDocument)]))
        .Sends(200, JobIds.Header)
        .AnswersNothing(StatusCodes.Status204NoContent, "The end was seen already.")
        .Fails(ProblemType.JobNotFound);

    private static async Task HandleAsync(HttpContext context, string id, IGenerationQueue queue, JobEventStream stream)
    {
        if (await queue.FindOwnAsync(id, context) is not { } job)
        {
            await ProblemResponse.WriteAsync(context, Jobs.NotFound);
            return;
        }
        JobIds.Set(context, id);
        // A mark of the future is not of this job: it is read from its beginning.
        if (!JobMark.TryParse(context.Request.Headers[LastEventId], out var after) || after.Version > job.Version) after = default;
        if (job.IsFinished && after.Version == job.Version) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await stream.WriteAsync(context, id, after);
    }
}
