using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>A place in a picture, from its upper left corner.</summary>
/// <param name="X">Pixels to the right.</param>
/// <param name="Y">Pixels down.</param>
[JsonConverter(typeof(PixelPointConverter))]
public readonly record struct PixelPoint(int X, int Y);

internal sealed class PixelPointConverter : PairConverter<PixelPoint, int>
{
    protected override int Number(ref Utf8JsonReader reader) => reader.GetInt32();

    protected override PixelPoint Of(int first, int second) => new(first, second);

    protected override void Write(Utf8JsonWriter writer, PixelPoint value)
    {
        writer.WriteNumberValue(value.X);
        writer.WriteNumberValue(value.Y);
    }
}
