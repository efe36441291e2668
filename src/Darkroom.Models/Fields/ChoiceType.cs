using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>One of a closed list of names. Read as that name, a <see cref="string"/>.</summary>
/// <param name="names">The names, in the order of lists.</param>
/// <param name="aliases">What else is accepted, and the name it stands for; upper and lower case are one.</param>
public sealed class ChoiceType(IReadOnlyList<string> names, IReadOnlyDictionary<string, string>? aliases = null) : FieldType
{
    public IReadOnlyList<string> Names => names;

    /// <summary>Those of the names that are only planned.</summary>
    public IReadOnlyList<string> NotYet { get; init; } = [];

    public override bool IsText => true;

    public override string Kind => "a string";

    public override string Limit { get; } = "one of: " + string.Join(", ", names);

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String) return WrongType(name);
        string text = JsonText.Of(json);
        if (names.Contains(text)) return FieldReading.Of(text);
        return aliases is not null && aliases.TryGetValue(text, out string? meant) ? FieldReading.Of(meant) : NotAllowed(name);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue((string)value);
    }
}
