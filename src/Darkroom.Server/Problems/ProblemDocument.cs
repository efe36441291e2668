using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Problems;

/// <summary>An RFC 9457 problem document.</summary>
/// <param name="Type">A stable slug under <c>/problems/</c>.</param>
/// <param name="Title">The same for every problem of a type.</param>
/// <param name="Status">The HTTP status again.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Instance">Path of the request.</param>
/// <param name="RequestId">The request's id, as in <c>X-Request-Id</c> and the log.</param>
/// <param name="JobId">The job it happened to.</param>
/// <param name="Errors">For 422, every fault of the request at once.</param>
public sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, string Instance, string RequestId, string? JobId, IReadOnlyList<Fault>? Errors);
