using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Texts, or numbers of classes.</summary>
internal sealed class CandidatesField(FieldInfo info) : Field<IReadOnlyList<string>>(info)
{
    protected override IReadOnlyList<string> Of(object value) => (IReadOnlyList<string>)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = CandidatesType.MinCount,
        MaxItems = CandidatesType.MaxCount,
        UniqueItems = true,
        Items = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = CandidatesType.MaxCharacters },
    };
}
