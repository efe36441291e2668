using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Along which axes a picture wraps round; null and false: along none.</summary>
internal sealed class TilingField(FieldInfo info) : Field<WrapAxes?>(info)
{
    private const string Part = "TilingAxis";

    protected override WrapAxes? Of(object value) => (WrapAxes)value;

    public override OpenApiSchema Schema() => new()
    {
        AnyOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.Boolean }, new OpenApiSchemaReference(Part), new OpenApiSchema { Type = JsonSchemaType.Null },
        ],
    };

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named =>
        [(Part, new OpenApiSchema { Type = JsonSchemaType.String, Description = "An axis along which the picture wraps round.", Enum = ["x", "y"] })];

    public override IOpenApiSchema UsedSchema()
    {
        var schema = Schema();
        schema.AnyOf!.RemoveAt(2);
        return schema;
    }
}
