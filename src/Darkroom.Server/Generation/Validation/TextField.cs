using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Text, bounded in characters.</summary>
internal sealed class TextField(FieldInfo info) : Field<string?>(info)
{
    protected override string? Of(object value) => (string)value;

    public override OpenApiSchema Schema() => Schema((TextType)Info.Type, IsRequired);

    public static OpenApiSchema Schema(TextType type, bool required = false) => new()
    {
        Type = required ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null,
        MaxLength = type.Max,
        Examples = type.Example is null ? null : [type.Example],
    };
}
