using Darkroom.Models.Fields;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Puts the schemas of the bodies that are read by tables of fields into the document, whichever endpoint reads them.</summary>
internal sealed class BodySchemas : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        var bodies = context.ApiDescriptions.SelectMany(static api => api.ActionDescriptor.EndpointMetadata.OfType<TakesFields>()).ToList();
        var fields = bodies.SelectMany(static body => body.Fields).ToList();
        foreach (var row in FieldTable.All.Concat(fields.Select(static field => field.Info)))
            if (row.Type is ChoiceType { Names: var names }) schemas[row.SchemaName] = WireNameLists.Schema(row.About, names);
        foreach (var (name, schema) in fields.SelectMany(static field => field.Named)) schemas[name] = schema;
        foreach (var body in bodies)
        {
            schemas[body.Schema] = FieldSchemas.Of(body, "Null stands for absent where a field is not required.");
            if (body.Form != body.Schema)
                schemas[body.Form] = FieldSchemas.Of(body, "A part for each field; values that are not text stand as in JSON.", form: true);
        }
    }
}
