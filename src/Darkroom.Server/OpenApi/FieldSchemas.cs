using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Microsoft.OpenApi;

namespace Darkroom.Server.OpenApi;

/// <summary>The schema of a request, from the table that validates it.</summary>
internal static class FieldSchemas
{
    public static OpenApiSchema Of(IReadOnlyList<Field> fields, string about, bool form = false)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = about,
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(),
        };
        foreach (var field in fields)
        {
            var property = form ? field.FormSchema() : field.Schema();
            property.Description = Description(field.Info);
            schema.Properties[field.Name] = property;
        }
        return schema;
    }

    // Told in words, not by the keyword "default": the model decides most of them, and common generators make a property with that keyword required.
    private static string Description(FieldInfo field)
    {
        var limit = field.Type is SizeType or PictureType ? $" Limit: {field.Type.Limit}." : "";
        var own = field.ModelSets ? "the model's, else " : "";
        return field.About + limit + (field.FallbackText is { } fallback ? $" Default: {own}{fallback}." : "");
    }
}
