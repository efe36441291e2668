using System.Globalization;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Two whole numbers of pixels, <c>[x, y]</c>: a size or a corner.</summary>
internal sealed class PixelPairField(FieldInfo info) : Field<PixelPair?>(info)
{
    protected override PixelPair? Of(object value) => (PixelPair)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = 2,
        MaxItems = 2,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = ((PixelPairType)Info.Type).Min.ToString(CultureInfo.InvariantCulture),
            Maximum = PixelPairType.Max.ToString(CultureInfo.InvariantCulture),
        },
    };
}
