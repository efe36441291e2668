using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Text, bounded in characters (Unicode scalar values, as most languages count them). Read as a <see cref="string"/>.</summary>
public sealed class TextType(int max) : FieldType
{
    public int Max => max;

    public string? Example { get; init; }

    public override bool IsText => true;

    public override string Kind => "a string";

    public override string Limit => string.Create(CultureInfo.InvariantCulture, $"at most {max:N0} characters");

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.String) return WrongType(name);
        string text = JsonText.Of(json);
        if (text.Contains('\0', StringComparison.Ordinal)) return new FieldFault(name, "contains the character NUL", "no NUL character", FieldFaultKind.Other);
        return text.Length > max && Characters(text) is var length && length > max
            ? new FieldFault(name, string.Create(CultureInfo.InvariantCulture, $"has {length:N0} characters"), Limit, FieldFaultKind.Other)
            : FieldReading.Of(text);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue((string)value);
    }

    private static int Characters(string text)
    {
        int count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }
}
