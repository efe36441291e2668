using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Models.Fields;

/// <summary>Defaults for generation fields that a model's author set: values by field, each right by itself.</summary>
[JsonConverter(typeof(ModelDefaultsJson))]
public sealed class ModelDefaults : IEquatable<ModelDefaults>
{
    private readonly Dictionary<FieldInfo, object> values;

    public ModelDefaults(IReadOnlyDictionary<FieldInfo, object>? values = null) => this.values = values is null ? [] : new(values);

    public IReadOnlyCollection<FieldInfo> Fields => values.Keys;

    /// <summary>The value that the model sets; null: none.</summary>
    public object? Find(FieldInfo field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return values.GetValueOrDefault(field);
    }

    /// <summary>These, and those of another where these say nothing.</summary>
    public ModelDefaults Or(ModelDefaults other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(other.values.Concat(values).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value));
    }

    /// <summary>The same; a sampler that comes without a schedule has its own, whatever other defaults say of one.</summary>
    public ModelDefaults WithScheduleOfSampler() => Find(FieldTable.Sampler) is null || Find(FieldTable.Schedule) is not null
        ? this : new(new Dictionary<FieldInfo, object>(values) { [FieldTable.Schedule] = Diffusion.Schedules.ScheduleCatalog.Default });

    /// <summary>Those of some fields.</summary>
    public ModelDefaults Where(Func<FieldInfo, bool> wanted) => new(values.Where(pair => wanted(pair.Key)).ToDictionary());

    /// <summary>From the object that <c>darkroom.json</c> has under <c>defaults</c>.</summary>
    /// <exception cref="JsonException">A key or a value is wrong.</exception>
    public static ModelDefaults Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement, (name, reason) => throw new JsonException($"{name}: {reason}"));
    }

    /// <param name="json">An object.</param>
    /// <param name="fault">Takes what is wrong: the key, and the rest of the sentence.</param>
    public static ModelDefaults Read(JsonElement json, Action<string, string> fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var values = new Dictionary<FieldInfo, object>();
        foreach (var property in json.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
            if (FieldTable.Default(property.Name) is not { } field)
                fault(property.Name, FieldTable.All.Any(row => row.Name == property.Name)
                    ? "cannot have a default, only a request can say it" : "is not a generation field");
            else if (field.Type.Read(field.Name, property.Value) is { Value: { } value })
                if (field.Type is ChoiceType { NotYet: var later } && later.Contains(value)) fault(field.Name, $"'{value}' is not supported yet");
                else values[field] = value;
            else
                foreach (var found in field.Type.Read(field.Name, property.Value).Faults)
                    fault(found.Name, found.Predicate + (found.Kind == FieldFaultKind.Other ? "" : ", found " + Describe(found.PartOf(property.Value))));
        return new(values);
    }

    public bool Equals(ModelDefaults? other) =>
        other is not null && values.Count == other.values.Count && values.All(pair => pair.Value.Equals(other.values.GetValueOrDefault(pair.Key)));

    public override bool Equals(object? obj) => Equals(obj as ModelDefaults);

    public override int GetHashCode() => values.Count;

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.String => $"the text \"{Short(value.GetString()!)}\"",
        _ => Short(value.GetRawText()),
    };

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}

internal sealed class ModelDefaultsJson : JsonConverter<ModelDefaults>
{
    public override ModelDefaults Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return ModelDefaults.Read(document.RootElement, (name, reason) => throw new JsonException($"{name}: {reason}"));
    }

    public override void Write(Utf8JsonWriter writer, ModelDefaults value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var field in value.Fields)
        {
            writer.WritePropertyName(field.Name);
            field.Type.Write(writer, value.Find(field)!);
        }
        writer.WriteEndObject();
    }
}
