using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Contracts;

/// <summary>A job as it stands. Its pictures are given by address.</summary>
public sealed record JobAnswer(
    string Id,
    string Task,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string Model,
    Parameters Parameters,
    ProgressAnswer Progress,
    IReadOnlyList<ImageAnswer> Images,
    IReadOnlyList<string> Warnings,
    FailureAnswer? Failure)
{
    internal static JobAnswer Of(Job job) => new(
        job.Id, WireNames.Of(job.Request.Task), WireNames.Of(job.State), job.CreatedAt, job.StartedAt, job.FinishedAt, job.Request.Model,
        new(job.Request, job.Result?.ModelHash, ReturnMode.Url),
        new(job.Progress.Share, job.Progress.Step, job.Progress.Steps),
        [.. (job.Result?.Images ?? []).Select(image => new ImageAnswer(
            image.Index, image.Seed, image.Width, image.Height, PictureFormats.NameOf(image.Format), image.Bytes, image.Sha256,
            GenerationAnswers.UrlOf(image), null))],
        GenerationAnswers.WarningsOf(job),
        job.Failure is { } failure ? new(Problems.FailureTable.TypeOf(failure.Kind).Address, failure.Detail) : null);
}

/// <param name="Share">0…1</param>
/// <param name="Step">Steps done, over all pictures.</param>
/// <param name="Steps">Steps wanted; a tile of an upscaler counts as one, from when it is loaded.</param>
public sealed record ProgressAnswer(double Share, int Step, int Steps);

/// <param name="Type">The problem type that a synchronous caller would have been answered.</param>
/// <param name="Detail">What happened.</param>
public sealed record FailureAnswer(string Type, string Detail);
