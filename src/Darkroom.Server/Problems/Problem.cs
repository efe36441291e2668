using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Problems;

/// <summary>One occurrence of a problem, before it knows which request it answers.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Detail">What happened here, for the caller: no internals, and nothing of a prompt.</param>
public sealed record Problem(ProblemType Type, string Detail)
{
    /// <summary>Every fault of the request; null for problems of another kind.</summary>
    public IReadOnlyList<Fault>? Errors { get; init; }

    /// <summary>Seconds after which another try may help.</summary>
    public int? RetryAfter { get; init; } = Type.RetryAfter;

    /// <summary>The job it happened to, where there is one.</summary>
    public string? JobId { get; init; }
}
