using Darkroom.Diffusion.Guidance;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A part of the steps: <c>[from, to]</c> with 0 ≤ from ≤ to ≤ 1.</summary>
internal sealed class SpanField(FieldInfo info) : Field<GuidanceInterval>(info)
{
    protected override GuidanceInterval Of(object value) => (GuidanceInterval)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = 2,
        MaxItems = 2,
        Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double", Minimum = "0", Maximum = "1" },
    };
}
