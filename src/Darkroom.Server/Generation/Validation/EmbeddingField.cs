using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Textual inversions that the prompts may name.</summary>
internal sealed class EmbeddingField(FieldInfo info) : Field<IReadOnlyList<EmbeddingPick>?>(info)
{
    protected override IReadOnlyList<EmbeddingPick>? Of(object value) => (IReadOnlyList<EmbeddingPick>)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MaxItems = EmbeddingsType.MaxCount,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Required = new HashSet<string> { "id" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["id"] = TextField.Schema(EmbeddingsType.Id, required: true),
                ["hash"] = TextField.Schema(LoraType.Hash),
            },
        },
    };
}
