using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>LoRAs that are merged into the model.</summary>
internal sealed class LoraField(FieldInfo info) : Field<IReadOnlyList<LoraPick>?>(info)
{
    private const string Part = "LoraChoice";

    protected override IReadOnlyList<LoraPick>? Of(object value) => (IReadOnlyList<LoraPick>)value;

    public override OpenApiSchema Schema() => PartSchemas.ListOrNull(Part, LoraType.MaxCount);

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named =>
    [
        (Part, PartSchemas.Object("A low-rank adaptation that is merged into the model.", new()
        {
            ["id"] = TextField.Schema(LoraType.Id, required: true).As("Id from GET /v1/loras."),
            ["weight"] = NumberField.Schema(LoraType.Weight).As("How much of it counts; below 0 it counts against itself.", LoraType.DefaultWeight),
            ["text_weight"] = NumberField.Schema(LoraType.Weight).As("The same for the text encoders; weight where it is left out."),
            ["hash"] = TextField.Schema(LoraType.Hash).As("SHA-256 of its file, as answers give it; where it has changed since, the answer warns."),
        }, "id")),
    ];
}
