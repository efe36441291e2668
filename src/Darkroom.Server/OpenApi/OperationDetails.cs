using System.Globalization;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Logging;
using Darkroom.Server.Security.Access;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Bodies, parameters, answers and problems of each operation, from what its endpoint says of itself.</summary>
internal sealed class OperationDetails : IOperationFilter
{
    private const string Json = "application/json", Form = "multipart/form-data", Events = "text/event-stream";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var said = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Responses = [];
        foreach (var answer in said.OfType<AnswersJson>()) AddJson(operation, answer, context);
        foreach (var pictures in said.OfType<AnswersPictures>()) AddPictures(operation, pictures);
        if (said.OfType<AnswersTensors>().Any())
            foreach (var status in (string[])["200", "206"])
                if (operation.Responses.GetValueOrDefault(status) is OpenApiResponse file) file.Content![PictureFormats.Bytes] = Binary();
        foreach (var events in said.OfType<AnswersEventStream>()) AddEvents(operation, events, context);
        foreach (var nothing in said.OfType<AnswersNothing>()) operation.Responses[Key(nothing.Status)] = new OpenApiResponse { Description = nothing.About };
        foreach (var answer in operation.Responses.Values.OfType<OpenApiResponse>()) WireHeaders.Add(answer, RequestIds.Header);
        operation.Security = ServersAndSecurity.Of(said.OfType<AddressAccess>().LastOrDefault()?.Scope, context.Document);
        OperationProblems.Add(operation, said, context);
        foreach (var headers in said.OfType<AnswerHeaders>())
            if (operation.Responses[Key(headers.Status)] is OpenApiResponse answer)
                foreach (var name in headers.Names) WireHeaders.Add(answer, name);
        foreach (var parameter in said.OfType<TakesParameter>()) AddParameter(operation, parameter);
        foreach (var body in said.OfType<TakesFields>()) operation.RequestBody = Body(body, context);
        OperationExamples.Add(operation);
    }

    public static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static void AddJson(OpenApiOperation operation, AnswersJson answer, OperationFilterContext context)
    {
        var schema = Schema(answer.Type, context); // which also puts the type among the document's
        if (answer.Schema is { } name) schema = new OpenApiSchemaReference(name, context.Document);
        operation.Responses![Key(answer.Status)] = new OpenApiResponse
        {
            Description = answer.About ?? answer.Status switch { 200 => "Done.", 202 => "The job goes on.", _ => "Not now." },
            Content = new Dictionary<string, IOpenApiMediaType> { [Json] = new OpenApiMediaType { Schema = schema } },
        };
    }

    private static void AddPictures(OpenApiOperation operation, AnswersPictures pictures)
    {
        var answers = operation.Responses!;
        if (answers.GetValueOrDefault("200") is not OpenApiResponse answer)
            answers["200"] = answer = new() { Description = "The picture's file.", Content = new Dictionary<string, IOpenApiMediaType>() };
        foreach (var (name, content) in Files(arrays: pictures.Ranges)) answer.Content![name] = content;
        if (!pictures.Ranges) return;
        var part = new OpenApiResponse { Description = "The bytes that Range asks for.", Content = Files(arrays: true) };
        answers["206"] = part;
        answers["304"] = new OpenApiResponse { Description = "The caller has it already: If-None-Match names its ETag." };
        foreach (var whole in new[] { answer, part })
            foreach (var header in (string[])["ETag", "Cache-Control", "Content-Disposition", "Accept-Ranges"]) WireHeaders.Add(whole, header);
        WireHeaders.Add(part, "Content-Range");
        foreach (var header in (string[])["ETag", "Cache-Control", "Content-Disposition"]) WireHeaders.Add((OpenApiResponse)answers["304"], header);
    }

    private static Dictionary<string, IOpenApiMediaType> Files(bool arrays = false) => PictureFormats.Choices.Select(static choice => "image/" + choice.Name)
        .Concat(arrays ? [PictureFormats.Bytes] : []).ToDictionary(static type => type, static _ => Binary());

    private static IOpenApiMediaType Binary() => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };

    private static void AddEvents(OpenApiOperation operation, AnswersEventStream events, OperationFilterContext context)
    {
        context.SchemaRepository.Schemas[events.Schema] = new OpenApiSchema
            { Description = events.About, AnyOf = [.. events.Data.Select(type => Schema(type, context))] };
        var content = new OpenApiMediaType { Schema = new OpenApiSchemaReference(events.Schema, context.Document) };
        if (events.BesideJson) operation.Responses!["200"].Content![Events] = content;
        else
            operation.Responses!["200"] = new OpenApiResponse
            {
                Description = "Events, each with id, event and one line of data, which is JSON of this schema.",
                Content = new Dictionary<string, IOpenApiMediaType> { [Events] = content },
            };
    }

    private static void AddParameter(OpenApiOperation operation, TakesParameter parameter)
    {
        operation.Parameters ??= [];
        if (parameter.In == ParameterLocation.Path && operation.Parameters.OfType<OpenApiParameter>().First(one => one.Name == parameter.Name) is { } found)
            (found.Description, found.Schema) = (parameter.About, parameter.Schema);
        else
            operation.Parameters.Add(new OpenApiParameter
                { Name = parameter.Name, In = parameter.In, Description = parameter.About, Schema = parameter.Schema });
    }

    private static OpenApiRequestBody Body(TakesFields body, OperationFilterContext context) => new()
    {
        Required = true,
        Description = "As JSON, or as a form with a part for each field.",
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [Json] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(body.Schema, context.Document) },
            [Form] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(body.Form, context.Document),
                // Lists and objects are one part of JSON each, and pictures are files.
                Encoding = body.Fields.Where(static field => !field.IsText || field is PictureField).ToDictionary(static field => field.Name, static field =>
                    new OpenApiEncoding { ContentType = field is PictureField ? "image/png, image/jpeg, image/webp" : Json }),
            },
        },
    };

    private static IOpenApiSchema Schema(Type type, OperationFilterContext context) => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
}
