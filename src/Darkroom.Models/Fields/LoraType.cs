using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>LoRAs that are merged into the model, in their order. Read as a list of <see cref="LoraPick"/>.</summary>
public sealed class LoraType : FieldType
{
    public const int MaxCount = 8;

    public const double MaxWeight = 4, DefaultWeight = 1;

    private const int MaxId = 255;

    private static string LimitText => $"at most {MaxCount} objects with id and weight";

    public static TextType Id { get; } = new(MaxId) { Example = "crayons" };

    public static NumberType Weight { get; } = new(-MaxWeight, MaxWeight);

    /// <summary>SHA-256 in hex.</summary>
    public static TextType Hash { get; } = new(64);

    private static ObjectList Entries { get; } = new(MaxCount, LimitText, new Dictionary<string, FieldType>
    {
        [ObjectList.Id] = Id, ["weight"] = Weight, ["text_weight"] = Weight, ["hash"] = Hash,
    });

    public override string Kind => "an array";

    public override string Limit => LimitText;

    public override FieldReading Read(string name, JsonElement json) => json.ValueKind != JsonValueKind.Array
        ? WrongType(name)
        : Entries.Read(name, json, static part => new LoraPick(
            (string)part(ObjectList.Id)!, (double?)part("weight") ?? DefaultWeight, (double?)part("text_weight"), (string?)part("hash")));

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (var pick in (IReadOnlyList<LoraPick>)value)
        {
            writer.WriteStartObject();
            writer.WriteString("id", pick.Id);
            writer.WriteNumber("weight", pick.Weight);
            if (pick.TextWeight is { } text) writer.WriteNumber("text_weight", text);
            if (pick.Hash is { } hash) writer.WriteString("hash", hash);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}

/// <summary>A LoRA that a request names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Weight">−4…4.</param>
/// <param name="TextWeight">The same for the text encoders; null: as <paramref name="Weight"/>.</param>
/// <param name="Hash">SHA-256 of its file as it was when a picture was made before; null: whatever it is.</param>
public sealed record LoraPick(string Id, double Weight, double? TextWeight = null, string? Hash = null);
