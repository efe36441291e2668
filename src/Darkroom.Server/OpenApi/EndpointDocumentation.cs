using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Problems;
using Microsoft.OpenApi;

namespace Darkroom.Server.OpenApi;

/// <summary>The body is read by a table of fields, as JSON or as a form; this is its schema's name.</summary>
internal sealed record TakesFields(string Schema, IReadOnlyList<Field> Fields)
{
    public TakesFields(TaskSheet sheet) : this(sheet.Schema, sheet.Fields) { }

    /// <summary>Name of the form's schema: another where pictures are files in it.</summary>
    public string Form => Fields.Any(one => one is PictureField) ? Schema.Replace("Request", "Form", StringComparison.Ordinal) : Schema;
}

/// <summary>The body is JSON of this type.</summary>
internal sealed record TakesJson(Type Type);

/// <summary>200 may be a picture.</summary>
internal sealed record AnswersPictures;

/// <summary>200 (or another status) is JSON of this type.</summary>
/// <param name="Schema">Name of its schema, where that is not the type's.</param>
internal sealed record AnswersJson(Type Type, int Status, string? Schema = null);

/// <summary>200 is a stream of server-sent events, whose data are JSON of these types.</summary>
internal sealed record AnswersEventStream(IReadOnlyList<Type> Data);

/// <summary>It heeds a header or a parameter of the query.</summary>
internal sealed record TakesParameter(string Name, bool InQuery, string About, JsonSchemaType Type = JsonSchemaType.String);

/// <summary>An answer of this status carries a header.</summary>
internal sealed record AnswerHeader(int Status, string Name, string About);

/// <summary>The problems it answers.</summary>
internal sealed record FailsWith(IReadOnlyList<ProblemType> Problems);

/// <summary>Says what an endpoint answers, for the OpenAPI document.</summary>
internal static class EndpointDocumentation
{
    public static IEndpointConventionBuilder Answers<T>(
        this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK, string? schema = null) =>
        endpoint.WithMetadata(new AnswersJson(typeof(T), status, schema));

    public static IEndpointConventionBuilder Takes<T>(this IEndpointConventionBuilder endpoint) => endpoint.WithMetadata(new TakesJson(typeof(T)));

    public static IEndpointConventionBuilder Fails(this IEndpointConventionBuilder endpoint, params ProblemType[] problems) =>
        endpoint.WithMetadata(new FailsWith(problems));

    public static IEndpointConventionBuilder AnswersEvents(this IEndpointConventionBuilder endpoint, params Type[] data) =>
        endpoint.WithMetadata(new AnswersEventStream(data));

    public static IEndpointConventionBuilder TakesHeader(this IEndpointConventionBuilder endpoint, string name, string about) =>
        endpoint.WithMetadata(new TakesParameter(name, InQuery: false, about));

    public static IEndpointConventionBuilder TakesQuery(
        this IEndpointConventionBuilder endpoint, string name, string about, JsonSchemaType type = JsonSchemaType.String) =>
        endpoint.WithMetadata(new TakesParameter(name, InQuery: true, about, type));

    public static IEndpointConventionBuilder SendsHeader(this IEndpointConventionBuilder endpoint, int status, string name, string about) =>
        endpoint.WithMetadata(new AnswerHeader(status, name, about));
}
