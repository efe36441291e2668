using System.Text.Json.Nodes;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Where the end of a job is told. No answer repeats it.</summary>
internal sealed class WebhookField(FieldInfo info) : Field<WebhookChoice?>(info)
{
    private const string Part = "WebhookTarget", EventSchema = "JobEnd";

    protected override WebhookChoice? Of(object value) => (WebhookChoice)value;

    public override OpenApiSchema Schema() => PartSchemas.OrNull(Part);

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named
    {
        get
        {
            var events = PartSchemas.ListOrNull(EventSchema, WebhookType.Ends.Count, min: 1);
            events.UniqueItems = true;
            yield return (EventSchema, new OpenApiSchema
                { Type = JsonSchemaType.String, Description = "How a job ended.", Enum = [.. WebhookType.Ends.Select(static end => (JsonNode)end)] });
            yield return (Part, PartSchemas.Object("Where the end of a job is told, by Standard Webhooks.", new()
            {
                ["url"] = TextField.Schema(((WebhookType)Info.Type).Url, required: true).As("Address that is posted to; the server says which it calls."),
                ["events"] = events.As("The ends that are told; all of them where it is left out."),
            }, "url"));
        }
    }
}
