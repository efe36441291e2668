using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;
using Microsoft.OpenApi;

namespace Darkroom.Server.OpenApi;

/// <summary>The schema of a request, from the table that validates it.</summary>
internal static class FieldSchemas
{
    /// <summary>
    /// The value that counts where a request gives none and its model sets none. Not the keyword <c>default</c>, which says that a caller may send it: most
    /// of them are the model's to decide, some generators send them with every request, and others make a field with that keyword required.
    /// </summary>
    public const string Default = "x-default";

    /// <summary>true: a model may have a default of its own, which counts before the former.</summary>
    public const string ModelSets = "x-model-default";

    public static OpenApiSchema Of(TakesFields body, string about, bool form = false) =>
        Of(body.Fields, about, [.. body.Fields.Where(static field => field.IsRequired).Select(static field => field.Name), .. body.Required], form);

    /// <param name="fields">Its properties.</param>
    /// <param name="about">What it is.</param>
    /// <param name="required">Names of those that are always there.</param>
    /// <param name="form">Whether it is a form.</param>
    public static OpenApiSchema Of(IReadOnlyList<Field> fields, string about, IReadOnlyList<string> required, bool form = false)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = about,
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = required.ToHashSet(),
        };
        foreach (var field in fields)
        {
            var property = form ? field.FormSchema() : field.Schema();
            if (schema.Required.Contains(field.Name)) property = WithoutNull(property);
            property.Description = Description(field.Info);
            AddDefault(property, field.Info);
            schema.Properties[field.Name] = property;
        }
        return schema;
    }

    /// <summary>The schema of what answers tell of the values that were used.</summary>
    /// <param name="tasks">The fields of each task that tells them; what all of them tell is required.</param>
    /// <param name="about">What it is.</param>
    public static OpenApiSchema OfUsed(IReadOnlyList<IReadOnlyList<Field>> tasks, string about)
    {
        var told = tasks.SelectMany(fields => fields).Where(field => field.IsTold).ToList();
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = about,
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = told.Select(field => field.Name).Where(name => tasks.All(fields =>
                fields.Any(field => field.Name == name && field is { IsTold: true, NeedsCapability: false }))).ToHashSet(),
        };
        // Of the fields of one name, the one that may also be null says what is possible.
        foreach (var fields in told.GroupBy(field => field.Name))
        {
            var field = fields.FirstOrDefault(field => field.IsNullable) ?? fields.First();
            schema.Properties[fields.Key] = AnswerSchemas.Described(field.UsedSchema(), field.Info.About);
        }
        return schema;
    }

    private static OpenApiSchema WithoutNull(OpenApiSchema property)
    {
        if (property.AnyOf is [OpenApiSchemaReference named, OpenApiSchema { Type: JsonSchemaType.Null }]) return new() { AllOf = [named] };
        property.Type &= ~JsonSchemaType.Null;
        return property;
    }

    private static void AddDefault(OpenApiSchema property, FieldInfo field)
    {
        if (field is { Default: null, ModelSets: false }) return;
        property.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        if (field is { Default: { } value, DefaultText: null }) property.Extensions[Default] = new JsonNodeExtension(Node(field.Type, value));
        if (field.ModelSets) property.Extensions[ModelSets] = new JsonNodeExtension(JsonValue.Create(true));
    }

    private static JsonNode Node(FieldType type, object value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) type.Write(writer, value);
        return JsonNode.Parse(buffer.ToArray())!;
    }

    private static string Description(FieldInfo field)
    {
        var limit = field.Type is SizeType or PictureType ? $" Limit: {field.Type.Limit}." : "";
        var own = field.ModelSets ? "the model's, else " : "";
        return field.About + limit + (field.FallbackText is { } fallback ? $" Default: {own}{fallback}." : "");
    }
}
