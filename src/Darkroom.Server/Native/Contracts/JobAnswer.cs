using System.ComponentModel.DataAnnotations;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>
/// A job as it stands. A finished one has what the synchronous answer has, its pictures by address, or the problem that answer would have been.
/// </summary>
public sealed record JobAnswer
{
    /// <summary>Of the job.</summary>
    [RegularExpression("^[0-9a-f]{32}$"), StringLength(32)]
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    [WireName("TaskName")]
    public required string Task { get; init; }

    /// <summary>Where it is.</summary>
    [WireName("JobStatus")]
    public required string Status { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it began to run; absent as long as it has not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; absent as long as it has not.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Id of the model or upscaler.</summary>
    public required string Model { get; init; }

    /// <summary>Every value that was used.</summary>
    public required Parameters Parameters { get; init; }

    /// <summary>How far it is.</summary>
    public required ProgressAnswer Progress { get; init; }

    /// <summary>The pictures by address; none before the job succeeded.</summary>
    public required IReadOnlyList<ImageAnswer> Images { get; init; }

    /// <summary>The noise that was taken out of the picture that was sent; absent for other tasks, and before the job succeeded.</summary>
    public NoiseAnswer? Noise { get; init; }

    /// <summary>Which candidate the picture that was sent is; absent for other tasks, and before the job succeeded.</summary>
    public ClassificationAnswer? Classification { get; init; }

    /// <summary>How likely the picture that was sent is; absent for other tasks, and before the job succeeded.</summary>
    public LikelihoodEstimate? Likelihood { get; init; }

    /// <summary>What layers gave for the picture that was sent; absent for other tasks, and before the job succeeded.</summary>
    public FeaturesFile? Features { get; init; }

    /// <summary>Whatever was changed on the way, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Where the time went; absent before the job succeeded.</summary>
    public TimingsAnswer? Timings { get; init; }

    /// <summary>What it took of the machine; absent until that was told.</summary>
    public JobUsageAnswer? Usage { get; init; }

    /// <summary>Why it ended without pictures; absent for any other.</summary>
    public ProblemDocument? Problem { get; init; }
}

/// <summary>How far a job is.</summary>
/// <param name="Share">How much of it is done: 0…1.</param>
/// <param name="Step">Steps done, over all pictures.</param>
/// <param name="Steps">Steps wanted; a tile of an upscaler counts as one, from when it is known how many there are.</param>
/// <param name="Position">Waiting jobs before this one, 0: it is next; absent where it does not wait.</param>
/// <param name="Eta">Seconds until it is done, from the pace measured so far; absent where none is known.</param>
public sealed record ProgressAnswer([property: Range(0, 1)] double Share, int Step, int Steps, int? Position, double? Eta);

/// <summary>Jobs, newest first.</summary>
/// <param name="Object">What this is, as OpenAI's lists say it.</param>
/// <param name="Data">This page.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent on the last.</param>
public sealed record JobList([property: WireValue("list")] string Object, IReadOnlyList<JobAnswer> Data, string? Next);
