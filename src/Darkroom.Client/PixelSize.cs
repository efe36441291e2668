using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>A picture's size.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
[JsonConverter(typeof(PixelSizeConverter))]
public readonly record struct PixelSize(int Width, int Height);

internal sealed class PixelSizeConverter : PairConverter<PixelSize, int>
{
    protected override int Number(ref Utf8JsonReader reader) => reader.GetInt32();

    protected override PixelSize Of(int first, int second) => new(first, second);

    protected override void Write(Utf8JsonWriter writer, PixelSize value)
    {
        writer.WriteNumberValue(value.Width);
        writer.WriteNumberValue(value.Height);
    }
}
