using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What is done to each finished picture: an upscaler and its scale; null declines a model's default.</summary>
internal sealed class UpscaleField(FieldInfo info) : Field<UpscaleChoice?>(info)
{
    protected override UpscaleChoice? Of(object value) => (UpscaleChoice)value;

    public override OpenApiSchema Schema()
    {
        var type = (UpscaleType)Info.Type;
        return new()
        {
            Type = JsonSchemaType.Object | JsonSchemaType.Null,
            AdditionalPropertiesAllowed = false,
            Properties = new Dictionary<string, IOpenApiSchema> { ["model"] = TextField.Schema(type.Model), ["scale"] = NumberField.Schema(type.Scale) },
        };
    }
}
