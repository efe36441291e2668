using System.Globalization;
using System.Text.Json;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Answers;

/// <summary>From an outcome to its answer: the pictures, the problem, or 202 and where the job is.</summary>
internal sealed class GenerationResponse(IArtifactStore artifacts, JobAnswers jobs)
{
    /// <param name="context">The request that is answered.</param>
    /// <param name="outcome">How waiting for the job ended.</param>
    /// <param name="mode">How the caller wants pictures within JSON.</param>
    /// <param name="asPicture">Whether the answer is the picture itself, or the file of tensors; else JSON.</param>
    public Task WriteAsync(HttpContext context, Outcome outcome, ReturnMode mode, bool asPicture) => outcome switch
    {
        Outcome.Succeeded { Result: { Finding.Features: { } features } } when asPicture => WriteFileAsync(context, features.ArtifactId,
            outcome.Job.Request.Seed),
        Outcome.Succeeded { Result: { Finding.Features: not null } result } =>
            JsonResponse.WriteAsync(context, FindingsOfJobs.FeaturesAnswerOf(outcome.Job, result), WireJson.Wire.FeaturesAnswer),
        Outcome.Succeeded { Result: var result } when asPicture => WriteFileAsync(context, result.Images[0].ArtifactId, result.Images[0].Seed),
        Outcome.Succeeded { Result: { Finding.Classification: not null } result } =>
            JsonResponse.WriteAsync(context, FindingsOfJobs.ClassifyOf(outcome.Job, result), WireJson.Wire.ClassifyAnswer),
        Outcome.Succeeded { Result: { Finding.Likelihood: not null } result } =>
            JsonResponse.WriteAsync(context, FindingsOfJobs.LikelihoodAnswerOf(outcome.Job, result), WireJson.Wire.LikelihoodAnswer),
        Outcome.Succeeded => WriteJsonAsync(context, outcome.Job, mode),
        Outcome.Failed { Failure: var failure } => ProblemResponse.WriteAsync(context, FailureTable.Of(failure)),
        Outcome.Parted { Failure: var failure } => PartAsync(context, outcome.Job, failure),
        Outcome.Pending => AcceptAsync(context, outcome.Job),
        _ => LeaveAsync(context),
    };

    private async Task WriteJsonAsync(HttpContext context, Job job, ReturnMode mode)
    {
        var answer = await GenerationAnswers.OfAsync(job, mode, artifacts, context.RequestAborted);
        await PicturesInJson.WriteAsync(context, () => JsonSerializer.SerializeToUtf8Bytes(answer, WireJson.Wire.GenerationAnswer),
            [.. answer.Images.Select(image => image.Data).OfType<PictureData>()]);
    }

    /// <summary>202: where the job is, and how it stands.</summary>
    private async Task AcceptAsync(HttpContext context, Job job)
    {
        context.Response.Headers.Location = JobAnswers.UrlOf(job.Id);
        await JsonResponse.WriteAsync(context, await jobs.OfAsync(job, context), WireJson.Wire.JobAnswer, StatusCodes.Status202Accepted);
    }

    /// <summary>503, and where the job is when the server is back.</summary>
    private static Task PartAsync(HttpContext context, Job job, Failure failure)
    {
        context.Response.Headers.Location = JobAnswers.UrlOf(job.Id);
        return ProblemResponse.WriteAsync(context, FailureTable.Of(failure));
    }

    private async Task WriteFileAsync(HttpContext context, string artifact, long seed)
    {
        await using var picture = await artifacts.OpenAsync(artifact, context.RequestAborted);
        if (picture is null)
        {
            await ProblemResponse.WriteAsync(context, new(ProblemType.Internal, "The picture is no longer held."));
            return;
        }
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store"; // the same request makes another picture
        headers.ContentLocation = "/v1/images/" + artifact;
        headers["X-Seed"] = seed.ToString(CultureInfo.InvariantCulture);
        headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = PictureFormats.MediaTypeOf(picture.Artifact.Format);
        context.Response.ContentLength = picture.Artifact.Length;
        await picture.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Task LeaveAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        return Task.CompletedTask;
    }
}
