using Darkroom.Server.Problems;
using Darkroom.Server.Validation;

namespace Darkroom.Server.OpenApi;

/// <summary>The body is read by a table of fields, as JSON or as a form; this is its schema's name.</summary>
internal sealed record TakesFields(string Schema, IReadOnlyList<Field> Fields)
{
    public TakesFields(TaskSheet sheet) : this(sheet.Schema, sheet.Fields) { }

    /// <summary>Name of the form's schema: another where pictures are files in it.</summary>
    public string Form => Fields.Any(one => one is PictureField) ? Schema.Replace("Request", "Form", StringComparison.Ordinal) : Schema;
}

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
