using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Two whole numbers of pixels, <c>[x, y]</c>. Read as a <see cref="PixelPair"/>.</summary>
public sealed class PixelPairType(int min) : FieldType
{
    public const int Max = 16384;

    public int Min => min;

    public override string Kind => "an array of two whole numbers";

    public override string Limit { get; } = string.Create(CultureInfo.InvariantCulture, $"two whole numbers of {min}…{Max}");

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        return json.GetArrayLength() == 2 && TrySide(json[0], out int x) && TrySide(json[1], out int y)
            ? FieldReading.Of(new PixelPair(x, y))
            : NotAllowed(name);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var pair = (PixelPair)value;
        writer.WriteStartArray();
        writer.WriteNumberValue(pair.X);
        writer.WriteNumberValue(pair.Y);
        writer.WriteEndArray();
    }

    private bool TrySide(JsonElement json, out int value)
    {
        value = 0;
        if (json.ValueKind != JsonValueKind.Number || !WholeType.TryWhole(json, out long side) || side < min || side > Max) return false;
        value = (int)side;
        return true;
    }
}
