using System.Text.Json;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Text, bounded in characters (Unicode scalar values, as most languages count them).</summary>
internal sealed class TextField(string name, int longest, string about) : Field<string?>(name, about)
{
    public string? Example { get; init; }

    public override bool IsWords => true;

    public override string Limit => string.Create(Culture, $"at most {longest:N0} characters");

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.String) return WrongType(json, "a string", faults);
        var text = JsonText.Of(json);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            faults.Add(this, $"{Name} contains the character NUL.", json, "no NUL character");
            return null;
        }
        if (text.Length > longest && Characters(text) is var length && length > longest)
        {
            faults.Add(this, string.Create(Culture, $"{Name} has {length:N0} characters."), json);
            return null;
        }
        return text;
    }

    protected override void Write(Utf8JsonWriter writer, string? value) => writer.WriteStringValue(value);

    public override OpenApiSchema Schema() => new()
    {
        Type = IsRequired ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null,
        MaxLength = longest,
        Examples = Example is null ? null : [Example],
    };

    private static int Characters(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    private static System.Globalization.CultureInfo Culture => System.Globalization.CultureInfo.InvariantCulture;
}
