using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Which calls of the denoiser are left out; null declines a model's default.</summary>
internal sealed class CacheField(FieldInfo info) : Field<CacheChoice?>(info)
{
    private const string Part = "CacheChoice";

    protected override CacheChoice? Of(object value) => (CacheChoice)value;

    public override OpenApiSchema Schema() => PartSchemas.OrNull(Part);

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named
    {
        get
        {
            yield return (MethodPart, new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Rules that say which calls of the denoiser are left out.",
                Enum = [.. CacheType.Method.Names.Select(name => (System.Text.Json.Nodes.JsonNode)name)],
            });
            yield return (Part, PartSchemas.Object("Calls of the denoiser that are left out where what it gave before will do.", new()
            {
                ["method"] = new OpenApiSchema { AllOf = [new OpenApiSchemaReference(MethodPart)] }.As("The rule that says which."),
                ["threshold"] = Plain(NumberField.Schema(CacheType.Threshold))
                    .As("How much the denoiser's answer may have changed since it was last asked, as a share of it; 0 leaves out no call."),
            }, "method", "threshold"));
        }
    }

    private const string MethodPart = "CacheMethod";

    private static OpenApiSchema Plain(OpenApiSchema schema)
    {
        schema.Type &= ~JsonSchemaType.Null; // both are required
        return schema;
    }
}
