using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>One of a closed list of whole numbers.</summary>
internal sealed class WholeChoiceField(FieldInfo info) : Field<long>(info)
{
    private readonly WholeChoiceType type = (WholeChoiceType)info.Type;

    protected override long Of(object value) => (long)value;

    // Null beside the numbers and not among them, as for names.
    public override OpenApiSchema Schema() => new() { AnyOf = [UsedSchema(), new OpenApiSchema { Type = JsonSchemaType.Null }] };

    public override IOpenApiSchema UsedSchema() => new OpenApiSchemaReference(Info.SchemaName);

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named =>
    [
        (Info.SchemaName, new OpenApiSchema
        {
            Type = JsonSchemaType.Integer, Format = "int32", Description = Info.About,
            Minimum = type.Values[0].ToString(CultureInfo.InvariantCulture), Maximum = type.Values[^1].ToString(CultureInfo.InvariantCulture),
            Enum = [.. type.Values.Select(static value => (JsonNode)JsonValue.Create(value))],
        }),
    ];
}
