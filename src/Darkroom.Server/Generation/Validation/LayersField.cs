using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Names of layers.</summary>
internal sealed class LayersField(FieldInfo info) : Field<IReadOnlyList<string>>(info)
{
    protected override IReadOnlyList<string> Of(object value) => (IReadOnlyList<string>)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = 1,
        MaxItems = LayersType.MaxCount,
        UniqueItems = true,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = LayersType.MaxLength },
    };
}
