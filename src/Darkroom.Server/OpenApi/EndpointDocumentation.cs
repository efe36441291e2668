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

    /// <summary>Names of fields that are required here, though their rows say otherwise.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];
}

/// <summary>200 may be a picture.</summary>
/// <param name="Ranges">Whether a part of it may be asked for, and whether it has changed.</param>
internal sealed record AnswersPictures(bool Ranges = false);

/// <summary>200 may be a safetensors file.</summary>
internal sealed record AnswersTensors;

/// <summary>200 (or another status) is JSON of this type.</summary>
/// <param name="Type">What is written.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Schema">Name of its schema, where that is not the type's.</param>
/// <param name="About">When it is answered; null: as the status says.</param>
internal sealed record AnswersJson(Type Type, int Status, string? Schema = null, string? About = null);

/// <summary>An answer without a body.</summary>
internal sealed record AnswersNothing(int Status, string About);

/// <summary>200 is a stream of server-sent events.</summary>
/// <param name="Schema">Name of the schema of their data: any of <paramref name="Data"/>.</param>
/// <param name="About">Which events there are.</param>
/// <param name="Data">The types of the data.</param>
internal sealed record AnswersEventStream(string Schema, string About, IReadOnlyList<Type> Data)
{
    /// <summary>Whether the request decides between it and a JSON answer.</summary>
    public bool BesideJson { get; init; }
}

/// <summary>It heeds a header, a parameter of the query, or a part of the path.</summary>
internal sealed record TakesParameter(string Name, ParameterLocation In, string About, IOpenApiSchema Schema);

/// <summary>An answer of this status carries headers of <see cref="WireHeaders"/>.</summary>
internal sealed record AnswerHeaders(int Status, IReadOnlyList<string> Names);

/// <summary>The problems it answers.</summary>
internal sealed record FailsWith(IReadOnlyList<ProblemType> Problems);

/// <summary>Its surface tells problems as JSON of a type of its own, with statuses of its own.</summary>
internal sealed record ProblemsAs(Type Type, Func<ProblemType, int> StatusOf);

/// <summary>Says what an endpoint answers, for the OpenAPI document.</summary>
internal static class EndpointDocumentation
{
    public static IEndpointConventionBuilder Answers<T>(
        this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK, string? schema = null, string? about = null) =>
        endpoint.WithMetadata(new AnswersJson(typeof(T), status, schema, about));

    public static IEndpointConventionBuilder AnswersNothing(this IEndpointConventionBuilder endpoint, int status, string about) =>
        endpoint.WithMetadata(new AnswersNothing(status, about));

    public static IEndpointConventionBuilder Fails(this IEndpointConventionBuilder endpoint, params ProblemType[] problems) =>
        endpoint.WithMetadata(new FailsWith(problems));

    public static IEndpointConventionBuilder TakesHeader(this IEndpointConventionBuilder endpoint, string name, string about, IOpenApiSchema schema) =>
        endpoint.WithMetadata(new TakesParameter(name, ParameterLocation.Header, about, schema));

    public static IEndpointConventionBuilder TakesQuery(this IEndpointConventionBuilder endpoint, string name, string about, IOpenApiSchema schema) =>
        endpoint.WithMetadata(new TakesParameter(name, ParameterLocation.Query, about, schema));

    /// <summary>The part of the path that is called id.</summary>
    public static IEndpointConventionBuilder TakesId(this IEndpointConventionBuilder endpoint, string about, IOpenApiSchema schema) =>
        endpoint.WithMetadata(new TakesParameter("id", ParameterLocation.Path, about, schema));

    public static IEndpointConventionBuilder Sends(this IEndpointConventionBuilder endpoint, int status, params string[] headers) =>
        endpoint.WithMetadata(new AnswerHeaders(status, headers));
}
