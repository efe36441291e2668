using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A number in a range.</summary>
internal sealed class NumberField(string name, double least, double most, string about) : Field<double?>(name, about)
{
    /// <summary>Whether the lower end itself is refused.</summary>
    public bool AboveLeast { get; init; }

    public override string Limit => AboveLeast
        ? string.Create(CultureInfo.InvariantCulture, $"above {least}, at most {most}")
        : string.Create(CultureInfo.InvariantCulture, $"{least}…{most}");

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.Number) return WrongType(json, "a number", faults);
        if (json.TryGetDouble(out var value) && value <= most && (AboveLeast ? value > least : value >= least)) return value;
        faults.Add(this, $"{Name} must be {Limit}.", json);
        return null;
    }

    protected override void Write(Utf8JsonWriter writer, double? value)
    {
        if (value is { } number) writer.WriteNumberValue(number);
        else writer.WriteNullValue();
    }

    public override OpenApiSchema Schema()
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Number | JsonSchemaType.Null,
            Format = "double",
            Maximum = most.ToString(CultureInfo.InvariantCulture),
        };
        if (AboveLeast) schema.ExclusiveMinimum = least.ToString(CultureInfo.InvariantCulture);
        else schema.Minimum = least.ToString(CultureInfo.InvariantCulture);
        return schema;
    }
}
