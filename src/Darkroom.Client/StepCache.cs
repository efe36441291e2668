using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Calls of the denoiser that are left out where what it gave before will do: faster, and not quite the same picture.</summary>
[JsonConverter(typeof(StepCacheConverter))]
public sealed record StepCache
{
    /// <summary>None: declines what a model would do by itself.</summary>
    public static StepCache None { get; } = new();

    /// <summary>The rule that says which calls: <c>easycache</c>, or another that <see cref="Catalog.ModelCapabilities.Cache"/> lists.</summary>
    public string Method { get; init; } = "";

    /// <summary>0…1: how much the denoiser's answer may have changed since it was last asked, as a share of it; 0 leaves out no call.</summary>
    public double Threshold { get; init; }

    /// <summary>Whole calls, by an estimate from what the network is shown.</summary>
    /// <param name="threshold">0…1: how much its answer may have changed.</param>
    public static StepCache EasyCache(double threshold) => new() { Method = "easycache", Threshold = threshold };
}

/// <summary>None is null on the wire, which is something else than no such field.</summary>
internal sealed class StepCacheConverter : JsonConverter<StepCache>
{
    public override bool HandleNull => true;

    public override StepCache Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return StepCache.None;
        using var json = JsonDocument.ParseValue(ref reader);
        return new()
        {
            Method = json.RootElement.TryGetProperty("method", out var method) ? method.GetString() ?? "" : "",
            Threshold = json.RootElement.TryGetProperty("threshold", out var threshold) && threshold.ValueKind == JsonValueKind.Number
                ? threshold.GetDouble() : 0,
        };
    }

    public override void Write(Utf8JsonWriter writer, StepCache value, JsonSerializerOptions options)
    {
        if (ReferenceEquals(value, StepCache.None))
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("method", value.Method);
        writer.WriteNumber("threshold", value.Threshold);
        writer.WriteEndObject();
    }
}
