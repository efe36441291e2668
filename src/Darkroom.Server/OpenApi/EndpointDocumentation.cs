namespace Darkroom.Server.OpenApi;

/// <summary>The body is read by a table of fields; this is its schema's name.</summary>
internal sealed record TakesFields(string Schema);

/// <summary>200 may be a picture.</summary>
internal sealed record AnswersPictures;

/// <summary>200 (or another status) is JSON of this type.</summary>
internal sealed record AnswersJson(Type Type, int Status);

/// <summary>These statuses are problem documents.</summary>
internal sealed record FailsWith(IReadOnlyList<int> Statuses);

/// <summary>Says what an endpoint answers, for the OpenAPI document.</summary>
internal static class EndpointDocumentation
{
    public static IEndpointConventionBuilder Answers<T>(this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.WithMetadata(new AnswersJson(typeof(T), status));

    public static IEndpointConventionBuilder Fails(this IEndpointConventionBuilder endpoint, params int[] statuses) => endpoint.WithMetadata(new FailsWith(statuses));
}
