using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>An upscaler and its scale: an object, or null, which declines a model's default. Read as an <see cref="UpscaleChoice"/>.</summary>
public sealed class UpscaleType(TextType model, NumberType scale) : FieldType
{
    public TextType Model => model;

    public NumberType Scale => scale;

    public override bool TakesNull => true;

    public override string Kind => "an object or null";

    public override string Limit => LimitText;

    private const string LimitText = "an object with model and scale, or null";

    private ObjectParts Parts { get; } = new(LimitText, new Dictionary<string, FieldType> { ["model"] = model, ["scale"] = scale });

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null) return FieldReading.Of(UpscaleChoice.None);
        if (json.ValueKind != JsonValueKind.Object) return WrongType(name);
        var faults = new List<FieldFault>();
        var parts = Parts.Read(name, json, faults);
        return faults.Count > 0 ? new(null, faults)
            : FieldReading.Of(new UpscaleChoice((string?)parts.GetValueOrDefault("model"), (double?)parts.GetValueOrDefault("scale")));
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var choice = (UpscaleChoice)value;
        if (choice == UpscaleChoice.None)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        if (choice.Model is { } id) writer.WriteString("model", id);
        if (choice.Scale is { } factor) writer.WriteNumber("scale", factor);
        writer.WriteEndObject();
    }
}

/// <summary>What is done to each finished picture.</summary>
/// <param name="Model">Id of an upscaler; null: the server's own choice.</param>
/// <param name="Scale">1…8; null: the upscaler's own.</param>
public sealed record UpscaleChoice(string? Model, double? Scale)
{
    /// <summary>Nothing: declines a model's default.</summary>
    public static readonly UpscaleChoice None = new(null, null) { Declines = true };

    /// <summary>Whether nothing is to be done.</summary>
    public bool Declines { get; private init; }
}
