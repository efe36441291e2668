using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>LoRAs that are merged into the model.</summary>
internal sealed class LoraField(FieldInfo info) : Field<IReadOnlyList<LoraPick>?>(info)
{
    protected override IReadOnlyList<LoraPick>? Of(object value) => (IReadOnlyList<LoraPick>)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MaxItems = LoraType.MaxCount,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Required = new HashSet<string> { "id" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["id"] = TextField.Schema(LoraType.Id, required: true),
                ["weight"] = NumberField.Schema(LoraType.Weight),
                ["text_weight"] = NumberField.Schema(LoraType.Weight),
                ["hash"] = TextField.Schema(LoraType.Hash),
            },
        },
    };
}
