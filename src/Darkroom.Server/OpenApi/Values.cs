using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Darkroom.Server.OpenApi;

/// <summary>Schemas of single values that parameters and headers have.</summary>
internal static class Values
{
    /// <summary>A random id: of a job or a picture.</summary>
    public static OpenApiSchema Id => new() { Type = JsonSchemaType.String, MaxLength = 32, Pattern = "^[0-9a-f]{32}$" };

    public static OpenApiSchema Text(int max, string? pattern = null) => new() { Type = JsonSchemaType.String, MaxLength = max, Pattern = pattern };

    public static OpenApiSchema Date => new() { Type = JsonSchemaType.String, Format = "date", MaxLength = 10 };

    public static OpenApiSchema Flag => new() { Type = JsonSchemaType.Boolean };

    /// <param name="min">The smallest.</param>
    /// <param name="max">The largest.</param>
    /// <param name="fallback">What counts where none is given; null: nothing does.</param>
    public static OpenApiSchema Whole(long min, long max, int? fallback = null) => new()
    {
        Type = JsonSchemaType.Integer, Format = max > int.MaxValue ? "int64" : "int32",
        Minimum = min.ToString(CultureInfo.InvariantCulture), Maximum = max.ToString(CultureInfo.InvariantCulture),
        Default = fallback is { } value ? JsonValue.Create(value) : null,
    };

    /// <summary>One of a list of names that the document has.</summary>
    public static OpenApiSchemaReference OneOf(string list) => new(list);
}
