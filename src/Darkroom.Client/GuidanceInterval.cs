using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Client.Json;

namespace Darkroom.Client;

/// <summary>The steps that are guided: step i of n where From ≤ i/n &lt; To.</summary>
/// <param name="From">0…1, at most <paramref name="To"/>.</param>
/// <param name="To">0…1.</param>
[JsonConverter(typeof(GuidanceIntervalConverter))]
public readonly record struct GuidanceInterval(double From, double To);

internal sealed class GuidanceIntervalConverter : PairConverter<GuidanceInterval, double>
{
    protected override double Number(ref Utf8JsonReader reader) => reader.GetDouble();

    protected override GuidanceInterval Of(double first, double second) => new(first, second);

    protected override void Write(Utf8JsonWriter writer, GuidanceInterval value)
    {
        writer.WriteNumberValue(value.From);
        writer.WriteNumberValue(value.To);
    }
}
