using System.Globalization;
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
using Microsoft.Extensions.Primitives;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>GET /v1/jobs</c>, <c>GET /v1/jobs/{id}</c>, and <c>DELETE</c>, which cancels.</summary>
internal static class Jobs
{
    public const string AboutId = "The job's id.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/jobs", ListAsync).WithTags("Jobs").WithName("listJobs")
            .WithSummary("Jobs that are held, newest first.")
            .WithDescription("The caller's own; a key with the scope admin sees all. Pictures are given by address.")
            .TakesQuery("status", "Only jobs of this status.", Values.OneOf(WireNameLists.JobStatus))
            .TakesQuery("limit", "Jobs of a page.", Values.Whole(1, JobListing.MaxLimit, JobListing.DefaultLimit))
            .TakesQuery("after", "What the page before gave as next.", Values.Text(64))
            .Answers<JobList>().Fails(ProblemType.InvalidRequest);
        routes.MapGet("/v1/jobs/{id}", FindAsync).WithTags("Jobs").WithName("getJob")
            .WithSummary("A job as it stands.").WithDescription("A finished one has its pictures' addresses, or its problem.")
            .TakesId(AboutId, Values.Id).Answers<JobAnswer>().Sends(200, JobIds.Header).Fails(ProblemType.JobNotFound);
        routes.MapDelete("/v1/jobs/{id}", CancelAsync).WithTags("Jobs").WithName("cancelJob")
            .WithSummary("Cancels a job at its next step.")
            .WithDescription("A finished one is left as it is, unless it is to be purged. Asking again changes nothing.")
            .TakesId(AboutId, Values.Id)
            .TakesQuery("purge", "true: removes the job too, with its prompt and pictures, those sent and those made; the answer is 204.", Values.Flag)
            .Answers<JobAnswer>(about: "The job as it stands: cancelled, or finished before.").Sends(200, JobIds.Header)
            .AnswersNothing(StatusCodes.Status204NoContent, "The job is gone, with all that it left.")
            .Fails(ProblemType.JobNotFound, ProblemType.StorageFull);
        routes.MapPost("/v1/jobs/{id}/finish", FinishAsync).WithTags("Jobs").WithName("finishJob")
            .WithSummary("Ends the denoising of a running job at its next step.")
            .WithDescription("Its pictures are finished as they stand, and the job succeeds with them.")
            .TakesId(AboutId, Values.Id)
            .TakesQuery("image", "Index of the one picture that is finished so; all where absent.", Values.Whole(0, GenerationFields.MaxPictures - 1))
            .Answers<JobAnswer>().Sends(200, JobIds.Header)
            .Fails(ProblemType.StorageFull, ProblemType.JobNotFound, ProblemType.JobNotRunning, ProblemType.InvalidRequest);
        routes.MapPatch("/v1/jobs/{id}", PatchAsync).WithTags("Jobs").WithName("changeJob")
            .WithSummary("Changes the priority of a job that waits.").WithDescription("Among jobs of one priority the order stays that of their arrival.")
            .TakesId(AboutId, Values.Id).WithMetadata(new TakesFields("ChangeJobRequest", Changed) { Required = [GenerationFields.Priority.Name] })
            .Answers<JobAnswer>().Sends(200, JobIds.Header).Fails(ProblemType.JobNotFound, ProblemType.JobNotWaiting, ProblemType.StorageFull);
    }

    private static readonly IReadOnlyList<Field> Changed = [GenerationFields.Priority];

    private static readonly ObjectReader Changes = new(Changed);

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

    private static async Task FinishAsync(HttpContext context, string id, IGenerationQueue queue, JobAnswers answers)
    {
        if (await queue.FindOwnAsync(id, context) is not { } job)
        {
            await ProblemResponse.WriteAsync(context, NotFound);
            return;
        }
        if (job.Request.Measures)
        {
            await ProblemResponse.WriteAsync(context, new(
                ProblemType.JobNotRunning,
                $"The job is a {WireNames.Of(job.Request.Task)}; only one that makes pictures has any that can be finished as they stand."));
            return;
        }
        var (pictures, fault) = PicturesOf(context.Request.Query["image"], job);
        if (fault is not null)
        {
            await ProblemResponse.WriteAsync(context, FailureTable.Of(Refusal.Of([fault])));
            return;
        }
        // One that was told so before is left to it.
        if (await queue.FinishEarlyAsync(id, pictures, context.RequestAborted) is CommitOutcome.NotApplicable({ State: not JobState.Running } other))
            await ProblemResponse.WriteAsync(context, new(
                ProblemType.JobNotRunning, $"The job is {WireNames.Of(other.State)}; only one that runs has pictures that can be finished as they stand."));
        else await AnswerAsync(context, await queue.FindOwnAsync(id, context), answers);
    }

    private static (PictureSet Pictures, Fault? Fault) PicturesOf(StringValues image, Job job)
    {
        if (image.Count == 0) return (PictureSet.All, null);
        if (int.TryParse(image, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < job.Request.Count)
            return (PictureSet.Of(index), null);
        return (default, new("image", "image must be the index of one of the job's pictures.", image.ToString(), $"0…{job.Request.Count - 1}"));
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
