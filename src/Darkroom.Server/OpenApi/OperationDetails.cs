using Darkroom.Server.Generation;
using Darkroom.Server.Problems;
using Darkroom.Server.Security.Access;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Bodies, answers and problems of each operation, from what its endpoint says of itself.</summary>
internal sealed class OperationDetails : IOperationFilter
{
    private static readonly ProblemType[] Gate = [ProblemType.Unauthorized, ProblemType.ForbiddenScope, ProblemType.TooManyAttempts];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var said = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Responses = [];
        foreach (var answer in said.OfType<AnswersJson>())
        {
            var schema = Schema(answer.Type, context); // which also puts the type among the document's
            if (answer.Schema is { } name) schema = new OpenApiSchemaReference(name, context.Document);
            operation.Responses[Key(answer.Status)] = Json(answer.Status switch { 200 => "OK", 202 => "The job goes on", _ => "Not now" }, schema);
        }
        if (said.OfType<AnswersPictures>().Any()) AddPictures(operation);
        var asked = said.OfType<AddressAccess>().LastOrDefault()?.Scope;
        operation.Security = ServersAndSecurity.Of(asked, context.Document);
        var fails = said.OfType<FailsWith>().SelectMany(fails => fails.Problems).Concat(asked is null ? [] : Gate);
        foreach (var problems in fails.GroupBy(problem => problem.Status))
            operation.Responses[Key(problems.Key)] = Problem(problems, context);
        foreach (var events in said.OfType<AnswersEventStream>()) AddEvents(operation, events, context);
        foreach (var header in said.OfType<AnswerHeader>())
            if (operation.Responses[Key(header.Status)] is OpenApiResponse answer)
                (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] = new OpenApiHeader { Description = header.About, Schema = Text() };
        foreach (var parameter in said.OfType<TakesParameter>())
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name, In = parameter.InQuery ? ParameterLocation.Query : ParameterLocation.Header, Description = parameter.About,
                Schema = new OpenApiSchema { Type = parameter.Type },
            });
        foreach (var body in said.OfType<TakesJson>())
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content("application/json", Schema(body.Type, context)) };
        foreach (var body in said.OfType<TakesFields>())
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(body.Schema, context.Document) },
                    ["multipart/form-data"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(body.Form, context.Document) },
                },
            };
    }

    private static void AddPictures(OpenApiOperation operation)
    {
        var answers = operation.Responses!;
        if (answers.GetValueOrDefault("200") is not OpenApiResponse answer)
            answers["200"] = answer = new() { Description = "OK", Content = new Dictionary<string, IOpenApiMediaType>() };
        foreach (var (name, _) in PictureFormats.Choices)
            answer.Content!["image/" + name] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
    }

    private static void AddEvents(OpenApiOperation operation, AnswersEventStream events, OperationFilterContext context)
    {
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "Events, each with id, event and one line of data",
            Content = Content("text/event-stream", new OpenApiSchema { AnyOf = [.. events.Data.Select(type => Schema(type, context))] }),
        };
        operation.Responses["204"] = new OpenApiResponse { Description = "The end was seen already" };
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiResponse Problem(IEnumerable<ProblemType> problems, OperationFilterContext context) => new()
    {
        Description = string.Join(" · ", problems.Select(type => $"{type.Title} (`{type.Address}`)")),
        Content = Content(ProblemResponse.MediaType, Schema(typeof(ProblemDocument), context)),
    };

    private static OpenApiResponse Json(string description, IOpenApiSchema schema) => new()
    {
        Description = description,
        Content = Content("application/json", schema),
    };

    private static Dictionary<string, IOpenApiMediaType> Content(string mediaType, IOpenApiSchema schema) =>
        new() { [mediaType] = new OpenApiMediaType { Schema = schema } };

    private static IOpenApiSchema Schema(Type type, OperationFilterContext context) => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);

    private static string Key(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
