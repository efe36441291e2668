using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Native.Answers;

/// <summary>From what a job found of a picture to the answers on the wire.</summary>
internal static class FindingsOfJobs
{
    public static NoiseAnswer? NoiseOf(JobResult? result) =>
        result?.Finding?.Noise is { } found ? new(Math.Round(found.Noise, 6), Math.Round(found.Level, 6)) : null;

    public static ClassificationAnswer? ClassificationOf(JobResult? result) => result?.Finding?.Classification is not { } found ? null : new()
    {
        Candidates = [.. found.Candidates.Select(one => one.Candidate)],
        Best = found.Candidates[found.Best].Candidate,
        Scores = [.. found.Candidates.Select(one => one.Score)],
        Errors = found.Candidates.All(one => one.Error is not null) ? [.. found.Candidates.Select(one => one.Error!.Value)] : null,
        Probabilities = [.. found.Candidates.Select(one => one.Probability)],
        Trials = [.. found.Candidates.Select(one => one.Trials)],
        Confidence = found.Confidence,
        Evaluations = found.Evaluations,
    };

    public static LikelihoodEstimate? LikelihoodOf(JobResult? result) => result?.Finding?.Likelihood is not { } found ? null : new()
    {
        BitsPerDim = found.BitsPerDimension,
        LogLikelihood = found.LogLikelihood,
        Error = found.BitsError,
        Dimensions = found.Length,
        Space = found.IsOfLatents ? "latents" : "pixels",
    };

    public static ClassifyAnswer ClassifyOf(Job job, JobResult result)
    {
        var found = ClassificationOf(result)!;
        return new()
        {
            Candidates = found.Candidates,
            Best = found.Best,
            Scores = found.Scores,
            Errors = found.Errors,
            Probabilities = found.Probabilities,
            Trials = found.Trials,
            Confidence = found.Confidence,
            Evaluations = found.Evaluations,
            Id = job.Id,
            Model = job.Request.Model,
            Parameters = new(job.Request, result.ModelHash, ReturnMode.Url),
            Warnings = JobWarnings.Of(job),
            Timings = GenerationAnswers.Timings(result.Timings),
            Usage = UsageAnswers.Of(job),
        };
    }

    public static FeaturesFile? FeaturesOf(JobResult? result) => result?.Finding?.Features is not { } found ? null : new()
    {
        Layers = [.. found.Layers.Select(layer => new LayerTensor(layer.Name, layer.Shape))],
        Url = "/v1/images/" + found.ArtifactId,
        Bytes = found.Bytes,
        Sha256 = found.Sha256,
    };

    public static FeaturesAnswer FeaturesAnswerOf(Job job, JobResult result)
    {
        var found = FeaturesOf(result)!;
        return new()
        {
            Layers = found.Layers,
            Url = found.Url,
            Bytes = found.Bytes,
            Sha256 = found.Sha256,
            Id = job.Id,
            Model = job.Request.Model,
            Parameters = new(job.Request, result.ModelHash, ReturnMode.Url),
            Warnings = JobWarnings.Of(job),
            Timings = GenerationAnswers.Timings(result.Timings),
            Usage = UsageAnswers.Of(job),
        };
    }

    public static LikelihoodAnswer LikelihoodAnswerOf(Job job, JobResult result)
    {
        var found = LikelihoodOf(result)!;
        return new()
        {
            BitsPerDim = found.BitsPerDim,
            LogLikelihood = found.LogLikelihood,
            Error = found.Error,
            Dimensions = found.Dimensions,
            Space = found.Space,
            Id = job.Id,
            Model = job.Request.Model,
            Parameters = new(job.Request, result.ModelHash, ReturnMode.Url),
            Warnings = JobWarnings.Of(job),
            Timings = GenerationAnswers.Timings(result.Timings),
            Usage = UsageAnswers.Of(job),
        };
    }
}
