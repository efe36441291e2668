using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Schemas of fields that are objects: they have names, so that generated clients have types for them.</summary>
internal static class PartSchemas
{
    /// <param name="about">What it is.</param>
    /// <param name="parts">Its properties.</param>
    /// <param name="required">Names of those that must be given.</param>
    public static OpenApiSchema Object(string about, Dictionary<string, IOpenApiSchema> parts, params string[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Description = about,
        AdditionalPropertiesAllowed = false,
        Required = required.ToHashSet(),
        Properties = parts,
    };

    /// <summary>One of that name, or null.</summary>
    public static OpenApiSchema OrNull(string name) =>
        new() { AnyOf = [new OpenApiSchemaReference(name), new OpenApiSchema { Type = JsonSchemaType.Null }] };

    /// <summary>A list of those of a name, or null.</summary>
    public static OpenApiSchema ListOrNull(string name, int max, int? min = null) => new()
        { Type = JsonSchemaType.Array | JsonSchemaType.Null, MinItems = min, MaxItems = max, Items = new OpenApiSchemaReference(name) };

    /// <summary>The same as a part of an object.</summary>
    /// <param name="schema">Its values.</param>
    /// <param name="about">What it means.</param>
    /// <param name="fallback">What counts where it is left out; null: as <paramref name="about"/> says.</param>
    public static OpenApiSchema As(this OpenApiSchema schema, string about, JsonNode? fallback = null)
    {
        schema.Description = about + (fallback is null ? "" : $" Default: {fallback.ToJsonString().Trim('"')}.");
        if (fallback is not null) schema.Extensions = new Dictionary<string, IOpenApiExtension> { ["x-default"] = new JsonNodeExtension(fallback) };
        return schema;
    }
}
