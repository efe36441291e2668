using Darkroom.Server.Problems;

namespace Darkroom.Server.OpenApi;

/// <summary>The body is read by a table of fields; this is its schema's name.</summary>
internal sealed record TakesFields(string Schema);

/// <summary>200 may be a picture.</summary>
internal sealed record AnswersPictures;

/// <summary>200 (or another status) is JSON of this type.</summary>
internal sealed record AnswersJson(Type Type, int Status);

/// <summary>The problems it answers.</summary>
internal sealed record FailsWith(IReadOnlyList<ProblemType> Problems);

/// <summary>Says what an endpoint answers, for the OpenAPI document.</summary>
internal static class EndpointDocumentation
{
    public static IEndpointConventionBuilder Answers<T>(this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.WithMetadata(new AnswersJson(typeof(T), status));

    public static IEndpointConventionBuilder Fails(this IEndpointConventionBuilder endpoint, params ProblemType[] problems) =>
        endpoint.WithMetadata(new FailsWith(problems));
}
