using Darkroom.Server.Contracts;
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
        schemas["Txt2ImgRequest"] = FieldSchemas.Of(GenerationFields.Txt2Img, "Null stands for absent, but for prompt.");
        schemas[nameof(Parameters)] = new OpenApiSchema
        {
            Description = "Every value that was used, under the request's names: posting it again gives the same picture.",
            AllOf = [new OpenApiSchemaReference("Txt2ImgRequest", swaggerDoc)],
        };
        schemas[nameof(DefaultsAnswer)] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "The value of every field that a request leaves out." };
    }
}
