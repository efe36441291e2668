using System.Text.Json;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A ControlNet of a request with the picture that came with it, past the limits by its headers.</summary>
internal sealed record SentControl(ControlChoice Choice, PictureFile Picture);

/// <summary>ControlNets with the pictures that they are shown. Answers repeat all but the pictures, which are posted again.</summary>
internal sealed class ControlsField(FieldInfo info) : Field<IReadOnlyList<SentControl>?>(info)
{
    private readonly ControlsType type = (ControlsType)info.Type;

    // A fault of a picture names its place.
    private readonly PictureField[] images = [.. Enumerable.Range(0, ControlsType.Max).Select(index => new PictureField(
        new FieldInfo($"{info.Name}.{index}.image", ((ControlsType)info.Type).Image, info.Tasks, "What the network is shown.") { IsPrivate = true }))];

    public PictureField ImageOf(int index) => images[index];

    public override object? Read(JsonElement json, FaultList faults)
    {
        var reading = type.Read(Name, json);
        foreach (var fault in reading.Faults) faults.Add(this, fault, json);
        if (reading.Value is not IReadOnlyList<ControlChoice> choices) return null;
        var sent = new List<SentControl>();
        for (var i = 0; i < choices.Count; i++)
            if (images[i].ReadText(choices[i].Image, faults) is { } picture) sent.Add(new(choices[i], picture));
        return sent.Count == choices.Count ? (IReadOnlyList<SentControl>)sent : null;
    }

    // Read decodes the pictures before it comes to this.
    protected override IReadOnlyList<SentControl> Of(object value) => throw new NotSupportedException("A picture has no default.");

    public override bool IsTold => true;

    public override void WriteUsed(Utf8JsonWriter writer, Parameters parameters)
    {
        if (parameters.Request.Controls is not { Count: > 0 } controls) return;
        writer.WritePropertyName(Name);
        type.Write(writer, controls.Select(control => new ControlChoice(control.Model, "", control.Weight, control.Start, control.End, control.Guess)));
    }

    /// <summary>Without the pictures.</summary>
    public override IOpenApiSchema UsedSchema()
    {
        var schema = Schema();
        schema.Type &= ~JsonSchemaType.Null;
        var one = (OpenApiSchema)schema.Items!;
        one.Properties!.Remove("image");
        one.Required = new HashSet<string> { "model", "weight", "start", "end", "guess" };
        return schema;
    }

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = 1,
        MaxItems = ControlsType.Max,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Required = new HashSet<string> { "model", "image" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["model"] = TextField.Schema(type.Model, required: true),
                ["image"] = images[0].Schema(),
                ["weight"] = NumberField.Schema(type.Weight),
                ["start"] = NumberField.Schema(type.Share),
                ["end"] = NumberField.Schema(type.Share),
                ["guess"] = new OpenApiSchema { Type = JsonSchemaType.Boolean | JsonSchemaType.Null },
            },
        },
    };
}
