using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Contracts;

/// <summary>
/// A job as it stands. A finished one has what the synchronous answer has, its pictures by address, or the problem that answer would have been.
/// </summary>
public sealed record JobAnswer
{
    public required string Id { get; init; }
    public required string Task { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required string Model { get; init; }
    public required Parameters Parameters { get; init; }
    public required ProgressAnswer Progress { get; init; }
    public required IReadOnlyList<ImageAnswer> Images { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
    public TimingsAnswer? Timings { get; init; }

    /// <summary>What it took of the machine; absent until that was told.</summary>
    public JobUsageAnswer? Usage { get; init; }

    public ProblemDocument? Problem { get; init; }
}

/// <param name="Share">0…1</param>
/// <param name="Step">Steps done, over all pictures.</param>
/// <param name="Steps">Steps wanted; a tile of an upscaler counts as one, from when it is known how many there are.</param>
/// <param name="Position">Waiting jobs before this one, 0: it is next; absent where it does not wait.</param>
/// <param name="Eta">Seconds until it is done, from the pace measured so far; absent where none is known.</param>
public sealed record ProgressAnswer(double Share, int Step, int Steps, int? Position, double? Eta);

/// <summary>Jobs, newest first.</summary>
/// <param name="Object"><c>list</c></param>
/// <param name="Data">This page.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent on the last.</param>
public sealed record JobList(string Object, IReadOnlyList<JobAnswer> Data, string? Next);
