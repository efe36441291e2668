using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Textual inversions that the prompts may name.</summary>
internal sealed class EmbeddingField(FieldInfo info) : Field<IReadOnlyList<EmbeddingPick>?>(info)
{
    private const string Part = "EmbeddingChoice";

    protected override IReadOnlyList<EmbeddingPick>? Of(object value) => (IReadOnlyList<EmbeddingPick>)value;

    public override OpenApiSchema Schema() => PartSchemas.ListOrNull(Part, EmbeddingsType.MaxCount);

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named =>
    [
        (Part, PartSchemas.Object("A textual inversion that the prompts may name.", new()
        {
            ["id"] = TextField.Schema(EmbeddingsType.Id, required: true).As("Id from GET /v1/embeddings."),
            ["hash"] = TextField.Schema(LoraType.Hash).As("SHA-256 of its file, as answers give it; where it has changed since, the answer warns."),
        }, "id")),
    ];
}
