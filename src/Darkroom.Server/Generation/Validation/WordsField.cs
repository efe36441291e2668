using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Words of the prompt: all, or a list of them; null and false: none.</summary>
internal sealed class WordsField(FieldInfo info) : Field<WordChoice?>(info)
{
    private const string Part = "PromptWords";

    protected override WordChoice? Of(object value) => (WordChoice)value;

    public override OpenApiSchema Schema() => new()
    {
        AnyOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.Boolean }, new OpenApiSchemaReference(Part), new OpenApiSchema { Type = JsonSchemaType.Null },
        ],
    };

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named =>
    [
        (Part, new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "Words or phrases of the prompt.",
            MinItems = 1,
            MaxItems = WordsType.MaxCount,
            Items = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = WordsType.MaxLength },
        }),
    ];

    public override IOpenApiSchema UsedSchema()
    {
        var schema = Schema();
        schema.AnyOf!.RemoveAt(2);
        return schema;
    }
}
