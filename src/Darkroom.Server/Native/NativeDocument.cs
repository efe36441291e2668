using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Native.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.Native;

/// <summary>Schemas of the native answers that are written by the table of fields and not by a type's properties.</summary>
internal sealed class NativeDocument : IDocumentFilter
{
    public static void Add(SwaggerGenOptions document)
    {
        document.MapType<Parameters>(() => new OpenApiSchemaReference(nameof(Parameters)));
        document.MapType<DefaultsAnswer>(() => new OpenApiSchemaReference(nameof(DefaultsAnswer)));
        document.DocumentFilter<NativeDocument>();
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        schemas[nameof(Parameters)] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "Every value that was used, under the names of the task's request: posting it again gives the same picture. "
                + "Pictures that were sent are left out, and are to be posted again with it.",
        };
        schemas[nameof(DefaultsAnswer)] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "The value of every field that a request leaves out." };
    }
}
