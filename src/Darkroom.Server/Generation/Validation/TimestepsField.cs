using System.Globalization;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A list of training timesteps, or none.</summary>
internal sealed class TimestepsField(FieldInfo info) : Field<IReadOnlyList<int>>(info)
{
    protected override IReadOnlyList<int> Of(object value) => (IReadOnlyList<int>)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = 1,
        MaxItems = TimestepsType.MaxCount,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer, Format = "int32", Minimum = "0", Maximum = TimestepsType.MaxTimestep.ToString(CultureInfo.InvariantCulture),
        },
    };
}
