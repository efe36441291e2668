using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>What is done to each finished picture.</summary>
[JsonConverter(typeof(UpscaleStepConverter))]
public sealed record UpscaleStep
{
    /// <summary>Nothing: declines what a model would do by itself.</summary>
    public static UpscaleStep None { get; } = new();

    /// <summary>Id from <see cref="DarkroomClient.ListUpscalersAsync"/>; null: the server's own choice.</summary>
    public string? Model { get; init; }

    /// <summary>1…8: pixels out for each pixel in, on each side; null: the upscaler's own.</summary>
    public double? Scale { get; init; }
}

/// <summary>Nothing to do is null on the wire, which is something else than no such field.</summary>
internal sealed class UpscaleStepConverter : JsonConverter<UpscaleStep>
{
    public override bool HandleNull => true;

    public override UpscaleStep Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return UpscaleStep.None;
        using var json = JsonDocument.ParseValue(ref reader);
        return new()
        {
            Model = json.RootElement.TryGetProperty("model", out var model) ? model.GetString() : null,
            Scale = json.RootElement.TryGetProperty("scale", out var scale) && scale.ValueKind == JsonValueKind.Number ? scale.GetDouble() : null,
        };
    }

    public override void Write(Utf8JsonWriter writer, UpscaleStep value, JsonSerializerOptions options)
    {
        if (ReferenceEquals(value, UpscaleStep.None))
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        if (value.Model is { } model) writer.WriteString("model", model);
        if (value.Scale is { } scale) writer.WriteNumber("scale", scale);
        writer.WriteEndObject();
    }
}
