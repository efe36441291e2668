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

    public override IOpenApiSchema UsedSchema() => new OpenApiSchema
    {
        Type = JsonSchemaType.Integer, Format = "int32", Enum = [.. type.Values.Select(static value => (JsonNode)JsonValue.Create(value))],
    };
}
