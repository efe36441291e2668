using System.Globalization;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A number in a range.</summary>
internal sealed class NumberField(FieldInfo info) : Field<double?>(info)
{
    protected override double? Of(object value) => (double)value;

    public override OpenApiSchema Schema() => Schema((NumberType)Info.Type);

    public static OpenApiSchema Schema(NumberType type)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Number | JsonSchemaType.Null,
            Format = "double",
            Maximum = type.Max.ToString(CultureInfo.InvariantCulture),
        };
        if (type.AboveMin) schema.ExclusiveMinimum = type.Min.ToString(CultureInfo.InvariantCulture);
        else schema.Minimum = type.Min.ToString(CultureInfo.InvariantCulture);
        return schema;
    }
}
