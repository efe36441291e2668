using System.Globalization;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Contracts;
using Darkroom.Server.Health;
using Darkroom.Server.Logging;
using Darkroom.Server.Problems;
using Darkroom.Server.Validation;

namespace Darkroom.Server.Endpoints;

/// <summary>
/// From an order to its answer: admit, wait, answer. A caller who leaves cancels the job, unless it preferred <c>respond-async</c> or was told the
/// job's address already.
/// </summary>
internal sealed class Generation(
    IGenerationQueue queue, IArtifactStore artifacts, PictureIntake pictures, JobAnswers jobs, Drain drain, TimeProvider time, ILogger<Generation> logger)
{
    public async Task AnswerAsync(HttpContext context, GenerationOrder order, Prefer prefer)
    {
        var place = drain.TryEnter();
        if (place is null)
        {
            await ProblemResponse.WriteAsync(context, FailureTable.ShuttingDown);
            return;
        }

        string? outlives = null; // the job, where it goes on without this request: then the place is the job's
        try
        {
            var (request, problem) = await pictures.TakeAsync(order, context.RequestAborted);
            if (request is null)
            {
                await ProblemResponse.WriteAsync(context, problem!);
                return;
            }

            var admission = await SubmitAsync(request with { Caller = CallerOf(context) }, order.Warnings);
            if (admission is not Admission.Accepted { Job: var admitted })
            {
                await ProblemResponse.WriteAsync(context, FailureTable.Of(admission));
                return;
            }

            context.Items[JobItem] = admitted.Id;
            place.JobId = admitted.Id;
            outlives = prefer.RespondAsync ? admitted.Id : null;
            ServerEvents.Waiting(logger, context.TraceIdentifier, admitted.Id);
            var finished = await WaitAsync(admitted.Id, prefer, context.RequestAborted);
            outlives = finished is null ? admitted.Id : null;
            if (prefer.Applied(accepted: finished is null) is { } applied) context.Response.Headers[Prefer.AppliedHeader] = applied;
            if (finished is null) await AcceptAsync(context, admitted);
            else await AnswerAsync(context, order, finished);
        }
        finally
        {
            if (outlives is null) place.Dispose();
            else _ = LeaveAfterAsync(place, outlives);
        }
    }

    private async Task AnswerAsync(HttpContext context, GenerationOrder order, Job job)
    {
        if (job is not { State: JobState.Succeeded, Result: { } result }) await ProblemResponse.WriteAsync(context, FailureTable.Of(job, drain.IsDraining));
        else if (order.Bytes is not null) await WriteBytesAsync(context, job, result.Images[0]);
        else
            await JsonResponse.WriteAsync(
                context, await GenerationAnswers.OfAsync(job, order.Return, artifacts, context.RequestAborted), WireJson.Wire.GenerationAnswer);
    }

    /// <summary>202: where the job is, and how it stands.</summary>
    private async Task AcceptAsync(HttpContext context, Job admitted)
    {
        var job = await queue.FindAsync(admitted.Id, context.RequestAborted) ?? admitted;
        context.Response.Headers.Location = JobAnswers.UrlOf(job.Id);
        context.Response.Headers["X-Job-Id"] = job.Id;
        await JsonResponse.WriteAsync(context, await jobs.OfAsync(job, context), WireJson.Wire.JobAnswer, StatusCodes.Status202Accepted);
    }

    private async Task LeaveAfterAsync(Drain.Place place, string id)
    {
        using (place) await queue.WaitAsync(id, CancellationToken.None);
    }

    /// <summary>Key of the job's id in the request's items, for the log.</summary>
    public const string JobItem = "darkroom.job";

    /// <summary>Callers share the devices fairly; until there are keys an address is one.</summary>
    private static string CallerOf(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : "";

    private async ValueTask<Admission> SubmitAsync(GenerationRequest request, IReadOnlyList<string> warnings)
    {
        var admitted = false;
        try
        {
            // Not the caller's token: an admission cut in half would leave a job that nobody cancels.
            var admission = await queue.SubmitAsync(request, warnings, CancellationToken.None);
            admitted = admission is Admission.Accepted;
            return admission;
        }
        finally
        {
            if (!admitted) await pictures.ReleaseAsync(request);
        }
    }

    /// <returns>The finished job; null where the caller's patience ended first.</returns>
    private async ValueTask<Job?> WaitAsync(string id, Prefer prefer, CancellationToken left)
    {
        if (prefer is { RespondAsync: true, Wait: null }) return null;
        using var patience = prefer.Patience is { } atMost ? new CancellationTokenSource(atMost, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(left, patience.Token);
        try
        {
            return await queue.WaitAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            if (!prefer.RespondAsync) await queue.CancelAsync(id, CancellationToken.None);
            throw;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task WriteBytesAsync(HttpContext context, Job job, GeneratedImage image)
    {
        if (await artifacts.FindAsync(image.ArtifactId, context.RequestAborted) is not { } artifact)
        {
            await ProblemResponse.WriteAsync(context, new(ProblemType.Internal, "The picture is no longer held.") { JobId = job.Id });
            return;
        }
        var headers = context.Response.Headers;
        headers.ContentLocation = GenerationAnswers.UrlOf(image);
        headers["X-Seed"] = image.Seed.ToString(CultureInfo.InvariantCulture);
        headers["X-Job-Id"] = job.Id;
        headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = PictureFormats.MediaTypeOf(artifact.Format);
        context.Response.ContentLength = artifact.Bytes.Length;
        await context.Response.Body.WriteAsync(artifact.Bytes, context.RequestAborted);
    }
}
