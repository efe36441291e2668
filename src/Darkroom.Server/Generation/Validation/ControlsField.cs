using System.Text.Json;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A ControlNet of a request with the picture that came with it, past the limits by its headers.</summary>
internal sealed record SentControl(ControlChoice Choice, PictureFile Picture);

/// <summary>ControlNets with the pictures that they are shown. Answers repeat all but the pictures, which are posted again.</summary>
internal sealed class ControlsField(FieldInfo info) : Field<IReadOnlyList<SentControl>?>(info)
{
    private const string Part = "ControlChoice", UsedPart = "UsedControl";

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

    public override OpenApiSchema Schema() => PartSchemas.ListOrNull(Part, ControlsType.Max, min: 1);

    /// <summary>Without the pictures.</summary>
    public override IOpenApiSchema UsedSchema() =>
        new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, MaxItems = ControlsType.Max, Items = new OpenApiSchemaReference(UsedPart) };

    public override IEnumerable<(string Name, OpenApiSchema Schema)> Named
    {
        get
        {
            var sent = Parts();
            sent["image"] = images[0].Schema().As(
                "What the network is shown: a picture in base64, with or without `data:` before it. " + images[0].Limit + ".");
            yield return (Part, PartSchemas.Object("A ControlNet, and what it is shown.", sent, "model", "image"));
            yield return (UsedPart, PartSchemas.Object("A ControlNet that was used; its picture is posted again with it.", Parts(), [.. Parts().Keys]));
        }
    }

    private Dictionary<string, IOpenApiSchema> Parts() => new()
    {
        ["model"] = TextField.Schema(type.Model, required: true).As("Id from GET /v1/controlnets."),
        ["weight"] = NumberField.Schema(type.Weight).As("How much it counts.", ControlsType.DefaultWeight),
        ["start"] = NumberField.Schema(type.Share).As("It is asked from this share of the steps on.", ControlsType.DefaultStart),
        ["end"] = NumberField.Schema(type.Share).As("It is asked up to this share of the steps.", ControlsType.DefaultEnd),
        ["guess"] = FlagField.Any().As("It leads without the prompt: the negative lane is left alone, and the first blocks count for less.", false),
    };
}
