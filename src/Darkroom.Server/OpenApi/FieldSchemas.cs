using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Catalog;
using Darkroom.Server.Generation.Validation;
using Microsoft.OpenApi;

namespace Darkroom.Server.OpenApi;

/// <summary>The schema of a request, from the table that validates it.</summary>
internal static class FieldSchemas
{
    // Defaults that a model decides are told in words; the document is one for all models.
    private static readonly HashSet<string> ByModel =
        ["width", "height", "steps", "guidance_scale", "guidance_rescale", "sampler", "schedule", "negative_prompt", "clip_skip", "strength",
            "resize_mode", "mask_mode", "mask_blur", "mask_grow", "fill", "area", "padding", "feather"];

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
        var defaults = Defaults(fields);
        foreach (var field in fields)
        {
            var property = form ? field.FormSchema() : field.Schema();
            property.Description = Description(field, defaults);
            if (!IsByModel(field) && defaults[field.Name] is { } value) property.Default = value.DeepClone();
            schema.Properties[field.Name] = property;
        }
        return schema;
    }

    private static bool IsByModel(Field field) => ByModel.Contains(field.Name) && field != EditFields.OutpaintStrength;

    private static string Description(Field field, JsonObject defaults)
    {
        var limit = field is SizeField or PictureField ? $" Limit: {field.Limit}." : "";
        var fallback = IsByModel(field) && defaults[field.Name] is { } server && field is not (SizeField or TextField)
            ? string.Create(CultureInfo.InvariantCulture, $" Default: the model's, else {server.ToJsonString()}.")
            : IsByModel(field) && defaults.ContainsKey(field.Name) ? " Default: the model's." : "";
        return field.About + limit + fallback;
    }

    // What the server falls back to where a model says nothing.
    private static JsonObject Defaults(IReadOnlyList<Field> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            var silent = new ModelDescription { Id = "", Title = "", SamplerClass = "", NativeSize = 512 };
            foreach (var field in fields) field.WriteDefault(writer, silent);
            writer.WriteEndObject();
        }
        return JsonNode.Parse(buffer.ToArray())!.AsObject();
    }
}
