using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>A problem as the server tells it (RFC 9457).</summary>
public sealed record DarkroomProblem
{
    /// <summary>A stable address: <c>/problems/invalid_request</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The same for every problem of a type.</summary>
    public string? Title { get; init; }

    /// <summary>HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>What happened this time.</summary>
    public string? Detail { get; init; }

    /// <summary>Path of what it happened to.</summary>
    public string? Instance { get; init; }

    /// <summary>The request's id, as in the server's log.</summary>
    public string? RequestId { get; init; }

    /// <summary>The job it happened to.</summary>
    public string? JobId { get; init; }

    /// <summary>Every fault of a request that was wrong; null for problems of another kind.</summary>
    [JsonPropertyName("errors")]
    public IReadOnlyList<RequestFault>? Faults { get; init; }

    /// <summary>The last part of the type's address, one of <see cref="ProblemTypes"/>; null where the answer was none of Darkroom's.</summary>
    [JsonIgnore]
    public string? Slug => Type?[(Type.LastIndexOf('/') + 1)..];
}

/// <summary>One wrong value of a request.</summary>
/// <param name="Field">Its name on the wire; empty for the body itself.</param>
/// <param name="Message">What is wrong, as a sentence.</param>
/// <param name="Value">What was given; null where it is absent, too long to repeat or private.</param>
/// <param name="Limit">What is allowed; null where the message says it all.</param>
public sealed record RequestFault(string Field, string Message, JsonElement? Value, string? Limit);
