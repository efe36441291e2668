using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What is done to each finished picture: an upscaler and its scale; null declines a model's default.</summary>
internal sealed class UpscaleField(FieldInfo info) : Field<UpscaleChoice?>(info)
{
    private const string Part = "UpscaleChoice";

    protected override UpscaleChoice? Of(object value) => (UpscaleChoice)value;

    public override OpenApiSchema Schema() => PartSchemas.OrNull(Part);

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named
    {
        get
        {
            var type = (UpscaleType)Info.Type;
            yield return (Part, PartSchemas.Object("An upscaler, and by how much it enlarges.", new()
            {
                ["model"] = TextField.Schema(type.Model).As("Id from GET /v1/upscalers; the server's own choice where it is left out."),
                ["scale"] = NumberField.Schema(type.Scale).As("Pixels out for each pixel in, on each side; the upscaler's own where it is left out."),
            }));
        }
    }
}
