using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Endpoints;

/// <summary>
/// <c>POST /v1/txt2img</c>, <c>img2img</c>, <c>inpaint</c>, <c>outpaint</c>, <c>upscale</c> and <c>denoise</c>: one way for all, with the task's own fields.
/// </summary>
internal static class GenerationTasks
{
    private const string About =
        "With Accept: image/png, image/jpeg or image/webp and count 1 the answer is the picture itself; else JSON. "
        + "The body is JSON, or a form with a part for each field.";

    private const string AboutPictures =
        " Pictures are base64 in JSON, with or without data: before it, and files in a form; the answer's parameters leave them out. "
        + "Alpha is laid on white, but for upscaling, which keeps it.";

    public const string AboutPrefer =
        "RFC 7240. respond-async: 202 at once, and the job goes on even if the caller hangs up. "
        + "wait=N: the answer if it is ready within N seconds, else that 202; both may stand together. "
        + "Without respond-async, hanging up before an answer cancels the job.";

    public const string AboutKey =
        "A name of the caller's own for this request: the same name and request within 24 hours give the same job (Idempotent-Replayed: true), "
        + "the same name with another request is 422. Hanging up does not cancel such a job.";

    private static readonly string AboutWindows =
        " Where picture and extension are larger than the model's max_size, they are painted in windows from the picture outward, each half over what stands; "
        + $"{new RequestLimits().Windows} windows are the most, unless the server is set otherwise. What was sent stands unchanged but for the feather.";

    // Every failure of the core is one of them.
    private static readonly ProblemType[] Problems = [ProblemType.NotAcceptable, .. FailureTable.All],
        OfModels = [ProblemType.NoModel, ProblemType.ModelNotFound, ProblemType.LoraMismatch];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var sheet in TaskSheet.All.Except(TaskSheet.Measures))
        {
            var name = WireNames.Of(sheet.Task);
            var endpoint = routes.MapPost("/v1/" + name, (HttpContext context, NativeGeneration generation) => generation.HandleAsync(context, sheet))
                .WithTags(Tags.Generation).WithName(name)
                .WithSummary(sheet.Summary)
                .WithDescription(About + (sheet.TakesPictures ? AboutPictures : "") + (sheet == TaskSheet.Outpaint ? AboutWindows : ""))
                .WithMetadata(new TakesFields(sheet), new AnswersPictures())
                .TakesHeader(Prefer.Header, AboutPrefer, Values.Text(Prefer.MaxLength)).TakesHeader(RepeatKey.Header, AboutKey, RepeatKey.Values);
            endpoint.Answers<GenerationAnswer>(schema: NativeDocument.AnswerOf(sheet))
                .Answers<JobAnswer>(StatusCodes.Status202Accepted, about: "The job as it stands: it goes on.")
                .Sends(200, JobIds.Header, "Content-Location", "X-Seed", Prefer.AppliedHeader, RepeatKey.Replayed)
                .Sends(202, JobIds.Header, "Location", Prefer.AppliedHeader, RepeatKey.Replayed)
                .Sends(503, "Location", JobIds.Header).Fails(sheet == TaskSheet.Upscale ? [.. Problems.Except(OfModels)] : Problems);
        }
    }
}
