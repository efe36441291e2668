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

/// <summary>From an order to its answer: admit, wait, answer. A caller who leaves cancels the job.</summary>
internal sealed class Generation(IGenerationQueue queue, IArtifactStore artifacts, PictureIntake pictures, Drain drain, ILogger<Generation> logger)
{
    public async Task AnswerAsync(HttpContext context, GenerationOrder order)
    {
        using var place = drain.TryEnter();
        if (place is null)
        {
            await ProblemResponse.WriteAsync(context, FailureTable.ShuttingDown);
            return;
        }

        var (request, problem) = await pictures.TakeAsync(order, context.RequestAborted);
        if (request is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }

        var admission = await SubmitAsync(request, order.Warnings);
        if (admission is not Admission.Accepted { Job: var admitted })
        {
            await ProblemResponse.WriteAsync(context, FailureTable.Of(admission));
            return;
        }

        context.Items[JobItem] = admitted.Id;
        place.JobId = admitted.Id;
        ServerEvents.Waiting(logger, context.TraceIdentifier, admitted.Id);
        var job = await WaitAsync(admitted.Id, context.RequestAborted);
        if (job is not { State: JobState.Succeeded, Result: { } result }) await ProblemResponse.WriteAsync(context, FailureTable.Of(job, drain.IsDraining));
        else if (order.Bytes is not null) await WriteBytesAsync(context, job, result.Images[0]);
        else
            await JsonResponse.WriteAsync(
                context, await GenerationAnswers.OfAsync(job, order.Return, artifacts, context.RequestAborted), WireJson.Wire.GenerationAnswer);
    }

    /// <summary>Key of the job's id in the request's items, for the log.</summary>
    public const string JobItem = "darkroom.job";

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

    private async ValueTask<Job> WaitAsync(string id, CancellationToken left)
    {
        try
        {
            return await queue.WaitAsync(id, left);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            await queue.CancelAsync(id, CancellationToken.None);
            throw;
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
