using System.Text.Json.Nodes;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Puts the schemas of the bodies that are read by tables of fields into the document, whichever endpoint reads them.</summary>
internal sealed class BodySchemas : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        foreach (var row in FieldTable.All)
            if (row.Type is ChoiceType { Names: var names })
                schemas[row.SchemaName] = Names(names);
        schemas[WebhookField.EventSchema] = Names(WebhookType.Ends);
        foreach (var body in context.ApiDescriptions.SelectMany(api => api.ActionDescriptor.EndpointMetadata.OfType<TakesFields>()))
        {
            schemas[body.Schema] = FieldSchemas.Of(body.Fields, "Null stands for absent where a field is not required.");
            if (body.Form != body.Schema)
                schemas[body.Form] = FieldSchemas.Of(body.Fields, "A part for each field; values that are not text stand as in JSON.", form: true);
        }
    }

    private static OpenApiSchema Names(IReadOnlyList<string> names) => new() { Type = JsonSchemaType.String, Enum = [.. names.Select(name => (JsonNode)name)] };
}
