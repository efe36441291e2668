using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Http;
using Darkroom.Server.Logging;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Native.Reading;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;
using Microsoft.OpenApi;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/jobs</c>, <c>GET /v1/jobs/{id}</c>, and <c>DELETE</c>, which cancels.</summary>
internal static class Jobs
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs", ListAsync).WithTags("Jobs").WithName("jobs")
            .WithSummary("Jobs that are held, newest first.")
            .TakesQuery("status", "Only jobs of this status: " + string.Join(", ", JobListing.States) + ".")
            .TakesQuery("limit", $"Jobs of a page, 1…{JobListing.MaxLimit}; {JobListing.DefaultLimit} where absent.", JsonSchemaType.Integer)
            .TakesQuery("after", "What the page before gave as next.")
            .Answers<JobList>().Fails(ProblemType.InvalidRequest);
        routes.MapGet("/v1/jobs/{id}", FindAsync).WithTags("Jobs").WithName("job")
            .WithSummary("A job as it stands; a finished one with its pictures' addresses, or its problem.")
            .Answers<JobAnswer>().Fails(ProblemType.JobNotFound);
        routes.MapDelete("/v1/jobs/{id}", CancelAsync).WithTags("Jobs").WithName("cancel_job")
            .WithSummary("Cancels a job at its next step; a finished one is left as it is.").Answers<JobAnswer>().Fails(ProblemType.JobNotFound);
    }

    public static Problem NotFound => new(ProblemType.JobNotFound, "There is no job of this id, or it is no longer held.");

    private static async Task ListAsync(HttpContext context, IGenerationQueue queue, JobAnswers answers)
    {
        var (query, problem) = JobListing.Read(context.Request.Query);
        if (query is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        var caller = Caller.Of(context);
        var page = await queue.ListAsync(query with { Caller = caller.SeesAll ? null : caller.Id }, context.RequestAborted);
        var data = new List<JobAnswer>(page.Jobs.Count);
        // Looked at again: a store that did not heed the query must not show others' jobs.
        foreach (var job in page.Jobs.Where(job => caller.MaySee(job.Request.Caller))) data.Add(await answers.OfAsync(job, context));
        await JsonResponse.WriteAsync(context, new("list", data, page.Next is { } next ? JobListing.TextOf(next) : null), WireJson.Wire.JobList);
    }

    private static async Task FindAsync(HttpContext context, string id, IGenerationQueue queue, JobAnswers answers) =>
        await AnswerAsync(context, await queue.FindOwnAsync(id, context), answers);

    private static async Task CancelAsync(HttpContext context, string id, IGenerationQueue queue, JobAnswers answers) => await AnswerAsync(
        context, await queue.FindOwnAsync(id, context) is null ? null : await queue.CancelAsync(id, context.RequestAborted), answers);

    private static async Task AnswerAsync(HttpContext context, Job? job, JobAnswers answers)
    {
        if (job is null)
        {
            await ProblemResponse.WriteAsync(context, NotFound);
            return;
        }
        JobIds.Set(context, job.Id);
        await JsonResponse.WriteAsync(context, await answers.OfAsync(job, context), WireJson.Wire.JobAnswer);
    }
}
