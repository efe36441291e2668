using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
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
            .WithSummary("Cancels a job at its next step; a finished one is left as it is, unless it is to be purged.")
            .TakesQuery("purge", "true: removes the job too, with its prompt and pictures, those sent and those made; the answer is 204.")
            .Answers<JobAnswer>().Fails(ProblemType.JobNotFound);
        routes.MapPatch("/v1/jobs/{id}", PatchAsync).WithTags("Jobs").WithName("change_job")
            .WithSummary("Changes the priority of a job that waits.").Answers<JobAnswer>()
            .Fails(ProblemType.JobNotFound, ProblemType.InvalidRequest, ProblemType.InvalidJson, ProblemType.UnsupportedMediaType, ProblemType.JobNotWaiting);
    }

    private static readonly ObjectReader Changes = new([GenerationFields.Priority]);

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

    private static async Task CancelAsync(HttpContext context, string id, IGenerationQueue queue, JobAnswers answers)
    {
        var job = await queue.FindOwnAsync(id, context) is null ? null : await queue.CancelAsync(id, context.RequestAborted);
        if (job is null || !string.Equals(context.Request.Query["purge"], "true", StringComparison.OrdinalIgnoreCase))
        {
            await AnswerAsync(context, job, answers);
            return;
        }
        await queue.PurgeAsync(id, CancellationToken.None); // one that was purged meanwhile is gone as well
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task PatchAsync(HttpContext context, string id, IGenerationQueue queue, JobAnswers answers, InputMemory memory)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (body, problem) = await RequestReader.ReadAsync(context, Changes, BodyBytes.MaxText, room);
        var faults = new FaultList();
        JobPriority priority = default;
        if (body is not null)
            using (body)
                if (!Changes.Read(body, faults).TryGet(GenerationFields.Priority, out priority) && faults.Count == 0)
                    faults.Add(GenerationFields.Priority, "priority is required: it is what can be changed.", null);
        if (problem is null && faults.Count > 0) problem = FailureTable.Of(Refusal.Of(faults));
        if (problem is null && await queue.FindOwnAsync(id, context) is not null
            && await queue.PrioritiseAsync(id, priority, context.RequestAborted) is CommitOutcome.NotApplicable(var job))
            problem = new(ProblemType.JobNotWaiting, $"The job is {WireNames.Of(job.State)}; only one that is queued has a place to change.");
        if (problem is not null) await ProblemResponse.WriteAsync(context, problem);
        else await AnswerAsync(context, await queue.FindOwnAsync(id, context), answers);
    }

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
