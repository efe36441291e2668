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

    /// <summary>The schema of what answers tell of the values that were used.</summary>
    /// <param name="tasks">The fields of each task that tells them; what all of them tell is required.</param>
    public static OpenApiSchema OfUsed(IReadOnlyList<IReadOnlyList<Field>> tasks, string about)
    {
        var told = tasks.SelectMany(fields => fields).Where(field => field.IsTold).ToList();
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = about,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = told.Select(field => field.Name).Where(name => tasks.All(fields =>
                fields.Any(field => field.Name == name && field is { IsTold: true, NeedsCapability: false }))).ToHashSet(),
        };
        // Of the fields of one name, the one that may also be null says what is possible.
        foreach (var fields in told.GroupBy(field => field.Name))
            schema.Properties[fields.Key] = (fields.FirstOrDefault(field => field.IsNullable) ?? fields.First()).UsedSchema();
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
