using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Answers;

/// <summary>From a job to what is told of it.</summary>
internal sealed class JobAnswers(IGenerationQueue queue, IArtifactStore artifacts, Drain drain)
{
    public static string UrlOf(string id) => "/v1/jobs/" + id;

    public async ValueTask<JobAnswer> OfAsync(Job job, HttpContext context)
    {
        var outlook = await queue.OutlookAsync(job, context.RequestAborted);
        var images = (job.Result?.Images ?? []).Select(image => GenerationAnswers.Of(image, null));
        return new()
        {
            Id = job.Id,
            Task = WireNames.Of(job.Request.Task),
            Status = WireNames.Of(job.State),
            CreatedAt = job.CreatedAt,
            StartedAt = job.StartedAt,
            FinishedAt = job.FinishedAt,
            Model = job.Request.Model,
            Parameters = new(job.Request, job.Result?.ModelHash, ReturnMode.Url),
            Progress = new(job.Progress.Share, job.Progress.Step, job.Progress.Steps, outlook.Position, Seconds(outlook)),
            Images = [.. images],
            Noise = FindingsOfJobs.NoiseOf(job.Result),
            Classification = FindingsOfJobs.ClassificationOf(job.Result),
            Likelihood = FindingsOfJobs.LikelihoodOf(job.Result),
            Features = FindingsOfJobs.FeaturesOf(job.Result),
            Warnings = [.. JobWarnings.Of(job), .. await PictureLosses.OfAsync(job, artifacts, context.RequestAborted)],
            Timings = job.Result is { } result ? GenerationAnswers.Timings(result.Timings) : null,
            Usage = UsageAnswers.Of(job),
            Problem = ProblemOf(job, context),
        };
    }

    /// <summary>Why a job ended without pictures, as its synchronous caller would have been told; null for any other job.</summary>
    public ProblemDocument? ProblemOf(Job job, HttpContext context) => job.IsFinished && job.State != JobState.Succeeded
        ? ProblemResponse.DocumentOf(context, FailureTable.Of(Failures.Of(job, drain.Cancels)), UrlOf(job.Id))
        : null;

    public static double? Seconds(JobOutlook outlook) => outlook.Eta is { } eta ? Math.Round(eta, 2) : null;
}
