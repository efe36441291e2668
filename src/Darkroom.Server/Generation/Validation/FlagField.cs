using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>True or false.</summary>
internal sealed class FlagField(FieldInfo info) : Field<bool>(info)
{
    protected override bool Of(object value) => (bool)value;

    public override OpenApiSchema Schema() => Any();

    public static OpenApiSchema Any() => new() { Type = JsonSchemaType.Boolean | JsonSchemaType.Null };
}
