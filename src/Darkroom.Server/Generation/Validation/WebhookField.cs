using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Where the end of a job is told. No answer repeats it.</summary>
internal sealed class WebhookField(FieldInfo info) : Field<WebhookChoice?>(info)
{
    /// <summary>What the document calls the names of a job's ends.</summary>
    public const string EventSchema = "JobEnd";

    protected override WebhookChoice? Of(object value) => (WebhookChoice)value;

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Object | JsonSchemaType.Null,
        AdditionalPropertiesAllowed = false,
        Required = new HashSet<string> { "url" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["url"] = TextField.Schema(((WebhookType)Info.Type).Url, required: true),
            ["events"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array | JsonSchemaType.Null,
                MinItems = 1,
                MaxItems = WebhookType.Ends.Count,
                UniqueItems = true,
                Items = new OpenApiSchemaReference(EventSchema),
            },
        },
    };
}
