using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Endpoints;

/// <summary><c>GET /v1/jobs/{id}</c>, and <c>DELETE</c>, which cancels.</summary>
internal static class Jobs
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs/{id}", FindAsync).WithTags("Jobs").WithName("job")
            .WithSummary("A job as it stands.").Answers<JobAnswer>().Fails(ProblemType.JobNotFound);
        routes.MapDelete("/v1/jobs/{id}", CancelAsync).WithTags("Jobs").WithName("cancel_job")
            .WithSummary("Cancels a job at its next step; a finished one is left as it is.").Answers<JobAnswer>().Fails(ProblemType.JobNotFound);
    }

    private static async Task FindAsync(HttpContext context, string id, IGenerationQueue queue) =>
        await AnswerAsync(context, await queue.FindAsync(id, context.RequestAborted));

    private static async Task CancelAsync(HttpContext context, string id, IGenerationQueue queue) =>
        await AnswerAsync(context, await queue.CancelAsync(id, context.RequestAborted));

    private static Task AnswerAsync(HttpContext context, Job? job) => job is null
        ? ProblemResponse.WriteAsync(context, new(ProblemType.JobNotFound, "There is no job of this id."))
        : JsonResponse.WriteAsync(context, JobAnswer.Of(job), WireJson.Wire.JobAnswer);
}
