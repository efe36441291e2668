using System.ComponentModel.DataAnnotations;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Problems;

/// <summary>An RFC 9457 problem document.</summary>
/// <param name="Type">What went wrong: a stable path under <c>/problems/</c>.</param>
/// <param name="Title">The same for every problem of a type.</param>
/// <param name="Status">The HTTP status again.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Instance">Path of the request, or of the job that it happened to.</param>
/// <param name="RequestId">The request's id, as in <c>X-Request-Id</c> and the log.</param>
/// <param name="JobId">The job it happened to; absent where there is none.</param>
/// <param name="Errors">Every fault of the request at once; absent where the problem is of another kind.</param>
public sealed record ProblemDocument(
    [property: WireName("ProblemType")] string Type, string Title, [property: Range(400, 599)] int Status, string Detail, string Instance,
    string RequestId, string? JobId, IReadOnlyList<Fault>? Errors);
