using System.Globalization;
using System.Text.Json;
using Darkroom.Models.Fields;
using Microsoft.OpenApi;

namespace Darkroom.Server.Validation;

/// <summary>Two whole numbers of pixels, <c>[x, y]</c>: a size or a corner.</summary>
internal sealed class PixelPairField(string name, int min, string about) : Field<PixelPair?>(name, about)
{
    private const int Max = 16384;

    public override string Limit { get; } = string.Create(CultureInfo.InvariantCulture, $"two whole numbers of {min}…{Max}");

    public override object? Read(JsonElement json, FaultList faults)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(json, "an array of two whole numbers", faults);
        if (json.GetArrayLength() == 2 && TrySide(json[0], out var x) && TrySide(json[1], out var y)) return new PixelPair(x, y);
        faults.Add(this, $"{Name} must be {Limit}.", json);
        return null;
    }

    private bool TrySide(JsonElement json, out int value)
    {
        value = 0;
        if (json.ValueKind != JsonValueKind.Number || !WholeField.TryWhole(json, out var side) || side < min || side > Max) return false;
        value = (int)side;
        return true;
    }

    protected override void Write(Utf8JsonWriter writer, PixelPair? value)
    {
        if (value is not { } pair)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartArray();
        writer.WriteNumberValue(pair.X);
        writer.WriteNumberValue(pair.Y);
        writer.WriteEndArray();
    }

    public override OpenApiSchema Schema() => new()
    {
        Type = JsonSchemaType.Array | JsonSchemaType.Null,
        MinItems = 2,
        MaxItems = 2,
        Items = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = min.ToString(CultureInfo.InvariantCulture),
            Maximum = Max.ToString(CultureInfo.InvariantCulture),
        },
    };
}
