using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A second pass at a larger size.</summary>
internal sealed class HiresField(FieldInfo info) : Field<HiresChoice?>(info)
{
    private const string Part = "HiresPass";

    protected override HiresChoice? Of(object value) => (HiresChoice)value;

    public override OpenApiSchema Schema() => PartSchemas.OrNull(Part);

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named
    {
        get
        {
            var type = (HiresType)Info.Type;
            yield return (Part, PartSchemas.Object("A second pass at a larger size: scale, or width and height.", new()
            {
                ["scale"] = NumberField.Schema(HiresType.Scale).As("Pixels out for each pixel of the first pass, on each side.", HiresType.DefaultScale),
                ["width"] = Side().As("Pixels; where height alone is given it follows."),
                ["height"] = Side().As("Pixels; where width alone is given it follows."),
                ["upscaler"] = TextField.Schema(HiresType.Upscaler).As("A way to enlarge latents, or an id from GET /v1/upscalers."),
                ["steps"] = WholeField.Schema(HiresType.Steps).As("Denoising steps; 0: as many as the first pass.", 0),
                ["strength"] = NumberField.Schema(HiresType.Strength).As("The share of the schedule that is run again.", HiresType.DefaultStrength),
                ["prompt"] = TextField.Schema(type.Prompt).As("What the picture shows; the first pass's where it is left out."),
                ["negative_prompt"] = TextField.Schema(type.Prompt).As("What it should not show; the first pass's where it is left out."),
                ["sampler"] = PartSchemas.OrNull(FieldTable.Sampler.SchemaName).As("The step rule; the first pass's where it is left out."),
            }));
        }
    }

    private static OpenApiSchema Side() => SizeField.Any();
}
