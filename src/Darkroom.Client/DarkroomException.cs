using System.Net;

namespace Darkroom.Client;

/// <summary>
/// The server refused a request. A server that does not answer at all is an <see cref="HttpRequestException"/>, one that takes too long a
/// <see cref="TimeoutException"/>.
/// </summary>
public class DarkroomException : Exception
{
    /// <param name="problem">What the server said.</param>
    /// <param name="retryAfter">After what time it says another try may help; null: it does not say.</param>
    public DarkroomException(DarkroomProblem problem, TimeSpan? retryAfter = null)
        : base(MessageOf(problem)) => (Problem, RetryAfter) = (problem, retryAfter);

    /// <summary>All that the server said.</summary>
    public DarkroomProblem Problem { get; }

    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status => (HttpStatusCode)Problem.Status;

    /// <summary>
    /// Kind of the problem, one of <see cref="ProblemTypes"/> or a newer one; null where the answer was none of Darkroom's: a proxy's, perhaps.
    /// </summary>
    public string? ProblemType => Problem.Slug;

    /// <summary>What happened this time.</summary>
    public string? Detail => Problem.Detail;

    /// <summary>Every fault of the request; empty for problems of another kind.</summary>
    public IReadOnlyList<RequestFault> Faults => Problem.Faults ?? [];

    /// <summary>After what time the server says another try may help; null: it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The request's id, as in the server's log; null where the answer had none.</summary>
    public string? RequestId => Problem.RequestId;

    /// <summary>The job it happened to; null where there is none.</summary>
    public string? JobId => Problem.JobId;

    private static string MessageOf(DarkroomProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Faults is { Count: > 0 } faults ? string.Join(" ", faults.Select(TextOf))
            : problem.Detail ?? problem.Title ?? $"The server answered {problem.Status}.";
    }

    private static string TextOf(RequestFault fault) =>
        fault.Field.Length == 0 || fault.Message.StartsWith(fault.Field, StringComparison.Ordinal) ? fault.Message : $"{fault.Field}: {fault.Message}";
}
