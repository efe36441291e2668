using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Contracts;

/// <summary>
/// A job as it stands. A finished one has what the synchronous answer has, its pictures by address, or the problem that answer would have been.
/// </summary>
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
    TimingsAnswer? Timings,
    ProblemDocument? Problem);

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
