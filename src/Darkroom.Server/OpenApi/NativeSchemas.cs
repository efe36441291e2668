using Darkroom.Server.Contracts;
using Darkroom.Server.Endpoints;
using Darkroom.Server.Validation;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Puts the schemas of the field tables into the document.</summary>
internal sealed class NativeSchemas : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        IEnumerable<TakesFields> bodies = [.. TaskSheet.All.Select(sheet => new TakesFields(sheet)), new(PngInfo.Schema, PngInfo.Fields)];
        foreach (var body in bodies)
        {
            schemas[body.Schema] = FieldSchemas.Of(body.Fields, "Null stands for absent where a field is not required.");
            if (body.Form != body.Schema) schemas[body.Form] = FieldSchemas.Of(body.Fields, "A part for each field; values that are not text stand as in JSON.", form: true);
        }
        schemas[nameof(Parameters)] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Every value that was used, under the names of the task's request: posting it again gives the same picture. "
                + "Pictures that were sent are left out, and are to be posted again with it.",
        };
        schemas[nameof(DefaultsAnswer)] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "The value of every field that a request leaves out." };
    }
}
