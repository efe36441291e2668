using Darkroom.Server.Generation.Validation;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.OpenApi;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenAi;

/// <summary>What the table of fields does not say of an edit's pictures, which stand in objects in JSON; and the names that answers use.</summary>
internal sealed class OpenAiDocument : IDocumentFilter
{
    private const string Picture = "PictureReference", More = "NativeFields",
        AboutMore = "Fields of the native API, which are taken here as beside the others: some SDKs send what they do not know so.";

    public static void Add(SwaggerGenOptions document) => document.DocumentFilter<OpenAiDocument>();

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        schemas.TryGetValue(OpenAiTask.Edit.Schema, out var schema);
        if (schema is not OpenApiSchema { Properties: { } fields } body) return; // the surface is off
        schemas[More] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = AboutMore, AdditionalProperties = new OpenApiSchema() };
        foreach (var task in OpenAiTask.All)
            if (schemas.TryGetValue(task.Schema, out var one) && one is OpenApiSchema { Properties: { } own })
                own["extra_body"] = PartSchemas.OrNull(More).As(AboutMore);
        fields.Remove(OpenAiFields.Image.Name);
        body.Required!.Remove(OpenAiFields.Image.Name);
        fields["images"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array, MinItems = 1, MaxItems = OpenAiFields.MaxImages, Items = new OpenApiSchemaReference(Picture),
            Description = "The picture to work on; where several are sent they are refused.",
        };
        fields[OpenAiFields.Mask.Name] = PartSchemas.OrNull(Picture).As(fields[OpenAiFields.Mask.Name].Description!);
        var address = OpenAiFields.Image.Schema();
        address.Format = null;
        schemas[Picture] = PartSchemas.Object("A picture that is sent in JSON.", new()
        {
            ["image_url"] = address.As("data:image/png;base64,… — nothing is fetched from others."),
        }, "image_url");
        schemas["OpenAiErrorType"] = WireNameLists.Schema("Whose doing an error is.", ["invalid_request_error", "rate_limit_error", "server_error"]);
        schemas["OpenAiEventType"] = WireNameLists.Schema("What an event tells, and of which address.",
        [
            .. OpenAiTask.All.Select(static task => task.Events).OfType<string>()
                .SelectMany(static name => (string[])[name + ".partial_image", name + ".completed"]),
        ]);
    }
}
