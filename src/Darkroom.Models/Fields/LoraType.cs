using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>LoRAs that are merged into the model, in their order. Read as a list of <see cref="LoraPick"/>.</summary>
public sealed class LoraType : FieldType
{
    public const int MaxCount = 8;

    public const double MaxWeight = 4;

    private const int MaxId = 255;

    public static TextType Id { get; } = new(MaxId) { Example = "crayons" };

    public static NumberType Weight { get; } = new(-MaxWeight, MaxWeight);

    /// <summary>SHA-256 in hex.</summary>
    public static TextType Hash { get; } = new(64);

    public override string Kind => "an array";

    public override string Limit => $"at most {MaxCount} objects with id and weight";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        if (json.GetArrayLength() > MaxCount) return new FieldFault(name, $"must have at most {MaxCount} entries", Limit, FieldFaultKind.Other);
        var faults = new List<FieldFault>();
        var picks = new List<LoraPick>();
        foreach (var (index, entry) in json.EnumerateArray().Index())
        {
            if (entry.ValueKind == JsonValueKind.Object) picks.Add(One($"{name}.{index}", entry, faults));
            else faults.Add(new($"{name}.{index}", "must be an object", Limit, FieldFaultKind.Other));
        }
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(picks);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (var pick in (IReadOnlyList<LoraPick>)value)
        {
            writer.WriteStartObject();
            writer.WriteString("id", pick.Id);
            writer.WriteNumber("weight", pick.Weight);
            if (pick.TextWeight is { } text) writer.WriteNumber("text_weight", text);
            if (pick.Hash is { } hash) writer.WriteString("hash", hash);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private LoraPick One(string name, JsonElement entry, List<FieldFault> faults)
    {
        var seen = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in entry.EnumerateObject())
        {
            string part = JsonText.NameOf(property);
            FieldType? type = part switch { "id" => Id, "weight" or "text_weight" => Weight, "hash" => Hash, _ => null };
            if (type is null) faults.Add(new(name, $"has no such field as '{(part.Length <= 64 ? part : part[..63] + "…")}'", Limit, FieldFaultKind.Other));
            else if (seen.ContainsKey(part)) faults.Add(new($"{name}.{part}", "is given twice", "once", FieldFaultKind.Other));
            else seen[part] = property.Value.ValueKind == JsonValueKind.Null ? null : Part(type, $"{name}.{part}", property.Value, faults);
        }
        if (seen.GetValueOrDefault("id") is not string { Length: > 0 } id)
        {
            if (faults.Count == 0) faults.Add(new($"{name}.id", "is required", Id.Limit, FieldFaultKind.Other));
            id = "";
        }
        return new(id, (double?)seen.GetValueOrDefault("weight") ?? 1, (double?)seen.GetValueOrDefault("text_weight"), (string?)seen.GetValueOrDefault("hash"));
    }

    private static object? Part(FieldType type, string name, JsonElement json, List<FieldFault> faults)
    {
        var reading = type.Read(name, json);
        faults.AddRange(reading.Faults);
        return reading.Value;
    }
}

/// <summary>A LoRA that a request names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Weight">−4…4.</param>
/// <param name="TextWeight">The same for the text encoders; null: as <paramref name="Weight"/>.</param>
/// <param name="Hash">SHA-256 of its file as it was when a picture was made before; null: whatever it is.</param>
public sealed record LoraPick(string Id, double Weight, double? TextWeight = null, string? Hash = null);
